"""What must not be possible, tried: each refusal by the key policy or by the message format."""

import base64
import io
from typing import Any

from aws_encryption_sdk.internal.formatting.deserialize import deserialize_header

from local_aws.demo.deployment import CONTEXT, Deployment
from local_aws.demo.narration import Narration
from local_aws.demo.people import DENIED

_OTHER_CONTEXT = "InvalidCiphertextException"  # https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html


def show_refusals(deployment: Deployment, message: bytes, narration: Narration) -> None:
    """Try each and show that it is refused."""
    narration.heading("Refused")
    _show_direct_use(deployment, message, narration)
    _show_functions(deployment, message, narration)


def wrapped_data_key(message: bytes) -> bytes:
    """Return the encrypted data key of a message, as anybody can who has the message."""
    header, _ = deserialize_header(io.BytesIO(message))
    (wrapped,) = header.encrypted_data_keys
    return bytes(wrapped.encrypted_data_key)


def _show_direct_use(deployment: Deployment, message: bytes, narration: Narration) -> None:
    people, key = deployment.people, deployment.key_arn
    blob = wrapped_data_key(message)
    unwrap: dict[str, Any] = {"KeyId": key, "CiphertextBlob": blob, "EncryptionContext": CONTEXT}
    generate: dict[str, Any] = {"KeyId": key, "NumberOfBytes": 32, "EncryptionContext": CONTEXT}
    for name, claim, operation, parameters in (
        ("encrypting function", "the encrypting function's role cannot unwrap a data key", "decrypt", unwrap),
        ("decrypting function", "the decrypting function's role cannot generate one", "generate_data_key", generate),
        ("stranger with kms:*", "a stranger whose own IAM policy allows kms:* cannot unwrap", "decrypt", unwrap),
        ("deployer", "the deployer cannot use the key directly", "generate_data_key", generate),
        ("account administrator", "the account's administrator cannot either", "decrypt", unwrap),
        ("writer", "the writer cannot go round the function", "generate_data_key", generate),
        ("auditor", "the auditor reads metadata and unwraps nothing", "decrypt", unwrap),
    ):
        error, _ = people[name].attempt(operation, **parameters)
        narration.check(claim, error, DENIED, error or "was allowed")
    wrong = {**unwrap, "EncryptionContext": {**CONTEXT, "tenant": "green"}}
    error, _ = people["recovery"].attempt("decrypt", **wrong)
    narration.check("KMS unwraps for no other context, not even for recovery", error, _OTHER_CONTEXT, error)


def _show_functions(deployment: Deployment, message: bytes, narration: Narration) -> None:
    reader, writer = deployment.people["reader"], deployment.people["writer"]

    def opened_by_reader(sent: bytes, context: dict[str, str]) -> str:
        request = {"message": base64.b64encode(sent).decode(), "encryption_context": context}
        return str(reader.invoke(deployment.decrypt_function, request).get("errorType", "was opened"))

    tampered = bytearray(message)
    tampered[-20] ^= 1
    for claim, sent, context, expected in (
        ("the reader cannot open it as another tenant's", message, {**CONTEXT, "tenant": "green"}, "NotAuthentic"),
        ("nor without saying whose it is", message, {"purpose": CONTEXT["purpose"]}, "InvalidRequest"),
        ("nor with one bit changed", bytes(tampered), CONTEXT, "NotAuthentic"),
        ("nor with its end cut off", message[:-1], CONTEXT, "MalformedMessage"),
    ):
        error = opened_by_reader(sent, context)
        narration.check(claim, error, expected, error)
    request = {"plaintext": "", "encryption_context": CONTEXT}
    error = str(reader.invoke(deployment.encrypt_function, request).get("errorType", "was allowed"))
    narration.check("the reader cannot invoke the encrypting function", error, DENIED, error)
    request = {"message": base64.b64encode(message).decode(), "encryption_context": CONTEXT}
    error = str(writer.invoke(deployment.decrypt_function, request).get("errorType", "was allowed"))
    narration.check("the writer cannot invoke the decrypting function", error, DENIED, error)
