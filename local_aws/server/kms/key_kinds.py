"""Which specs and usages of keys KMS pairs, what a usage allows, and the kinds of keys that ministack lacks.

https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import mldsa
from ministack.core.responses import get_account_id
from ministack.services import kms

from local_aws.server.kms import registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_uses import Record
from local_aws.server.kms.registry import Operation, Request

_ENCRYPT, _SIGN, _MAC, _AGREE = "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"
_SYMMETRIC = "SYMMETRIC_DEFAULT"

USAGES: Mapping[str, tuple[str, ...]] = {
    _SYMMETRIC: (_ENCRYPT,),
    **dict.fromkeys(("RSA_2048", "RSA_3072", "RSA_4096"), (_ENCRYPT, _SIGN)),
    **dict.fromkeys(("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"), (_SIGN, _AGREE)),
    **dict.fromkeys(("ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87"), (_SIGN,)),
    **dict.fromkeys(("HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"), (_MAC,)),
}
"""The usages that a key of each spec can have."""

_USAGE_NEEDED = {
    **dict.fromkeys(("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"), _ENCRYPT),
    **dict.fromkeys(("GenerateDataKey", "GenerateDataKeyWithoutPlaintext"), _ENCRYPT),
    **dict.fromkeys(("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"), _ENCRYPT),
    **dict.fromkeys(("Sign", "Verify"), _SIGN),
    **dict.fromkeys(("GenerateMac", "VerifyMac"), _MAC),
    "DeriveSharedSecret": _AGREE,
}
_ALGORITHMS = {
    _ENCRYPT: "EncryptionAlgorithms",
    _SIGN: "SigningAlgorithms",
    _MAC: "MacAlgorithms",
    _AGREE: "KeyAgreementAlgorithms",
}
_ML_DSA: Mapping[str, Callable[[], Any]] = {
    "ML_DSA_44": mldsa.MLDSA44PrivateKey.generate,
    "ML_DSA_65": mldsa.MLDSA65PrivateKey.generate,
    "ML_DSA_87": mldsa.MLDSA87PrivateKey.generate,
}
_ML_DSA_CLASSES = {
    "ML_DSA_44": mldsa.MLDSA44PrivateKey,
    "ML_DSA_65": mldsa.MLDSA65PrivateKey,
    "ML_DSA_87": mldsa.MLDSA87PrivateKey,
}

_metadata_of_ministack = kms._key_metadata
_spec_as_ministack = kms._asymmetric_key_spec


def extend() -> None:
    """Let keys of every kind be created, and of none that KMS does not have."""
    registry.wrap("CreateKey", _create_key)
    registry.wrap("GetPublicKey", _get_public_key)
    kms._key_metadata = _key_metadata
    kms._asymmetric_key_spec = _asymmetric_key_spec


def check_usage(action: str, key: Record) -> None:
    """Check that a key of this usage can do what is asked.

    Args:
        action: An IAM action without its service.
        key: ministack's record of the key.

    Raises:
        KmsError: If it cannot.
    """
    needed = _USAGE_NEEDED.get(action)
    symmetric_only = action.startswith("GenerateDataKey") and key["KeySpec"] != _SYMMETRIC
    if needed is not None and (key["KeyUsage"] != needed or symmetric_only):
        what = f"key spec is {key['KeySpec']}" if key["KeyUsage"] == needed else f"key usage is {key['KeyUsage']}"
        raise KmsError("InvalidKeyUsageException", f"{key['Arn']} {what} which is not valid for {action}.")


def _check_pair(spec: str, usage: str | None) -> None:
    if spec not in USAGES:
        raise KmsError(
            "ValidationException",
            f"1 validation error detected: Value '{spec}' at 'keySpec' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(sorted(USAGES))}]",
        )
    if usage is None and spec != _SYMMETRIC:
        raise KmsError(
            "ValidationException",
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        )
    if usage is not None and usage not in USAGES[spec]:
        raise KmsError("ValidationException", f"KeyUsage {usage} is not compatible with KeySpec {spec}")


def _create_key(request: Request, create: Operation) -> Request:
    spec = request.get("KeySpec") or request.get("CustomerMasterKeySpec") or _SYMMETRIC
    usage = request.get("KeyUsage")
    _check_pair(spec, usage)
    # ministack gives a key of a spec that it does not know no id, policy or tags: it is made as another signing key.
    known = request if spec not in _ML_DSA else {**request, "KeySpec": "ECC_NIST_P256"}
    record = kms._keys[create(known)["KeyMetadata"]["KeyId"]]
    if spec in _ML_DSA:
        record["KeySpec"], record["SigningAlgorithms"] = spec, ["ML_DSA_SHAKE_256"]
        if record["Origin"] != "EXTERNAL":
            kms._set_asymmetric_material(record, _ML_DSA[spec]())
    if usage == _AGREE:
        record["SigningAlgorithms"] = []
    return {"KeyMetadata": _key_metadata(record)}


def _get_public_key(request: Request, get: Operation) -> Request:
    record = kms._resolve_key(request.get("KeyId"))
    if record is not None and (record["KeySpec"] == _SYMMETRIC or record["KeyUsage"] == _MAC):
        raise KmsError(
            "UnsupportedOperationException",
            f"{record['Arn']} key spec is {record['KeySpec']} which is not valid for GetPublicKey.",
        )
    found = get(request)
    return {**_with_own_algorithms(found, record), "CustomerMasterKeySpec": record["KeySpec"]}


def _key_metadata(record: Record) -> Request:
    found = _with_own_algorithms(_metadata_of_ministack(record), record)
    return {"AWSAccountId": get_account_id(), **found}


def _with_own_algorithms(answer: Request, record: Record) -> Request:
    own = _ALGORITHMS[record["KeyUsage"]]
    found = {name: value for name, value in answer.items() if name not in _ALGORITHMS.values()}
    return {**found, own: ["ECDH"] if record["KeyUsage"] == _AGREE else record[own]}


def _asymmetric_key_spec(private_key: Any) -> str | None:  # noqa: ANN401  # a key of `cryptography`
    of_ml_dsa = (spec for spec, kind in _ML_DSA_CLASSES.items() if isinstance(private_key, kind))
    return next(of_ml_dsa, None) or _spec_as_ministack(private_key)
