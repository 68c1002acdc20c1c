"""The signing algorithms that ministack lacks, ML-DSA and Ed25519ph, and the limits of a message.

https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
"""

import base64
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from ministack.services import kms

from local_aws.server.kms import ed25519ph, registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_uses import Record
from local_aws.server.kms.registry import Operation, Request

_LARGEST = 4096
_HASHED_LENGTH = 64
_ML_DSA, _ED25519PH = "ML_DSA_SHAKE_256", "ED25519_PH_SHA_512"
# https://docs.aws.amazon.com/kms/latest/developerguide/offline-operations.html: what a message can come as.
_MESSAGE_TYPES = {_ML_DSA: ("RAW", "EXTERNAL_MU"), _ED25519PH: ("DIGEST",), "ED25519_SHA_512": ("RAW",)}


def extend() -> None:
    """Sign and verify with them."""
    registry.wrap("Sign", _sign)
    registry.wrap("Verify", _verify)


def _sign(request: Request, sign: Operation) -> Request:
    found = _own(request)
    if found is None:
        return sign(request)
    record, message = found
    key = record["_private_key"]
    if request["SigningAlgorithm"] == _ED25519PH:
        seed = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        signature = ed25519ph.sign(seed, message)
    else:
        signature = key.sign_mu(message) if _type(request) == "EXTERNAL_MU" else key.sign(message)
    return {**_answer(request, record), "Signature": base64.b64encode(signature).decode()}


def _verify(request: Request, verify: Operation) -> Request:
    found = _own(request)
    if found is None:
        return verify(request)
    record, message = found
    if not _is_signature(request, record["_private_key"].public_key(), message):
        raise KmsError("KMSInvalidSignatureException", "")
    return {**_answer(request, record), "SignatureValid": True}


def _is_signature(request: Request, key: Any, message: bytes) -> bool:  # noqa: ANN401  # a key of `cryptography`
    signature = base64.b64decode(request.get("Signature", ""))
    if request["SigningAlgorithm"] == _ED25519PH:
        return ed25519ph.is_signature(key.public_bytes(Encoding.Raw, PublicFormat.Raw), message, signature)
    verify = key.verify_mu if _type(request) == "EXTERNAL_MU" else key.verify
    try:
        verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _own(request: Request) -> tuple[Record, bytes] | None:
    """Read a request whose algorithm is one of these; nothing if it is for ministack.

    Raises:
        KmsError: If the message has not the form that its algorithm wants.
    """
    algorithm, message = request.get("SigningAlgorithm", ""), base64.b64decode(request.get("Message", ""))
    if len(message) > _LARGEST:
        raise KmsError(
            "ValidationException",
            "1 validation error detected: Value at 'message' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_LARGEST}",
        )
    allowed = _MESSAGE_TYPES.get(algorithm, ("RAW", "DIGEST"))
    if _type(request) not in allowed:
        raise KmsError("ValidationException", f"Algorithm {algorithm} requires MessageType {' or '.join(allowed)}.")
    record = kms._resolve_key(request.get("KeyId"))
    if record is None or algorithm not in {_ML_DSA, _ED25519PH} or algorithm not in record["SigningAlgorithms"]:
        return None
    if _type(request) != "RAW" and len(message) != _HASHED_LENGTH:
        raise KmsError("ValidationException", f"Digest is invalid length for algorithm {algorithm}.")
    return record, message


def _type(request: Request) -> str:
    return str(request.get("MessageType", "RAW"))


def _answer(request: Request, record: Record) -> Request:
    return {"KeyId": record["Arn"], "SigningAlgorithm": request["SigningAlgorithm"]}
