"""ReEncrypt: decrypting under one key and encrypting under another, which ministack lacks.

https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
"""

from local_aws.server.kms import registry
from local_aws.server.kms.registry import Request, function, result_of


def extend() -> None:
    """Add it."""
    registry.add("ReEncrypt", _re_encrypt)


def _re_encrypt(request: Request) -> Request:
    opened = _call("Decrypt", {
        "KeyId": request.get("SourceKeyId"),
        "CiphertextBlob": request.get("CiphertextBlob"),
        "EncryptionContext": request.get("SourceEncryptionContext"),
        "EncryptionAlgorithm": request.get("SourceEncryptionAlgorithm"),
    })  # fmt: skip
    sealed = _call("Encrypt", {
        "KeyId": request.get("DestinationKeyId"),
        "Plaintext": opened["Plaintext"],
        "EncryptionContext": request.get("DestinationEncryptionContext"),
        "EncryptionAlgorithm": request.get("DestinationEncryptionAlgorithm"),
    })  # fmt: skip
    return {
        "CiphertextBlob": sealed["CiphertextBlob"],
        "SourceKeyId": opened["KeyId"],
        "KeyId": sealed["KeyId"],
        "SourceEncryptionAlgorithm": opened["EncryptionAlgorithm"],
        "DestinationEncryptionAlgorithm": sealed["EncryptionAlgorithm"],
    }


def _call(name: str, request: Request) -> Request:
    return result_of(function(name)({key: value for key, value in request.items() if value is not None}))
