"""DeriveSharedSecret: Diffie-Hellman between a key of KMS and somebody's public key, which ministack lacks.

https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html
"""

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from ministack.services import kms

from local_aws.server.kms import registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.registry import Request


def extend() -> None:
    """Add it."""
    registry.add("DeriveSharedSecret", _derive_shared_secret)


def _derive_shared_secret(request: Request) -> Request:
    record = kms._resolve_key(request.get("KeyId"))
    if record is None:
        raise KmsError("NotFoundException", f"Key {request.get('KeyId')} not found")
    algorithm = request.get("KeyAgreementAlgorithm")
    if algorithm != "ECDH":
        raise KmsError("ValidationException", f"KeyAgreementAlgorithm must be ECDH, got {algorithm}")
    private_key: ec.EllipticCurvePrivateKey = record["_private_key"]
    peer = _public_key(request.get("PublicKey", ""))
    if peer.curve.name != private_key.curve.name:
        raise KmsError("ValidationException", f"The public key is not on the curve of {record['KeySpec']}.")
    return {
        "KeyId": record["Arn"],
        "SharedSecret": base64.b64encode(private_key.exchange(ec.ECDH(), peer)).decode(),
        "KeyAgreementAlgorithm": algorithm,
        "KeyOrigin": record["Origin"],
    }


def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    try:
        found = load_der_public_key(base64.b64decode(text))
    except (binascii.Error, ValueError, UnsupportedAlgorithm) as error:
        raise KmsError("ValidationException", "The public key is not a DER-encoded X.509 public key.") from error
    if not isinstance(found, ec.EllipticCurvePublicKey):
        raise KmsError("ValidationException", "The public key is not one of an elliptic curve.")
    return found
