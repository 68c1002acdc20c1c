"""Secrets Manager asks KMS in its caller's name, with the secret and the version as encryption context.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html: a new value needs
`GenerateDataKey`, reading one `Decrypt`; a key that a secret gets is first tried with both, in the name of a version
`RequestToValidateKeyAccess`; and when the key changes, the labelled versions are encrypted again if the caller may
`Decrypt` with the old one and `Encrypt` with the new one.
"""

from collections.abc import Sequence

from ministack.core.responses import get_account_id, request_scope

from local_aws.server.at_rest.stored_data import StoredData
from local_aws.server.deployed_arns import key_named
from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.records import CURRENT, PENDING, PREVIOUS, Record

_NO_ACCESS = "Access to KMS is not allowed"
_TRIAL = "RequestToValidateKeyAccess"
_CANNOT = (
    "Secrets Manager can't {} the protected secret text using the provided KMS key. Check that the KMS key is "
    "available, enabled, and not in an invalid state."
)


def check_key(record: Record, key_id: str | None) -> None:
    """Try a key that a secret is to get.

    Raises:
        SecretsError: If the caller may not use it.
    """
    _ask(record, key_id, _TRIAL, ("GenerateDataKey", "Decrypt"))


def check_writing(record: Record, version_id: str) -> None:
    """Ask for what a new value needs.

    Raises:
        SecretsError: If the caller may not have it encrypted.
    """
    _ask(record, record.get("KmsKeyId"), version_id, ("GenerateDataKey",))
    record["Versions"].get(version_id, {}).pop("_KmsKeyIds", None)


def check_reading(record: Record, version_id: str) -> None:
    """Ask for what reading a version needs; after a change of the key one of its two keys is enough.

    Raises:
        SecretsError: If the caller may not have it decrypted.
    """
    *others, last = record["Versions"][version_id].get("_KmsKeyIds") or [record.get("KmsKeyId")]
    for key_id in others:
        if _refusal(record, key_id, version_id, ("Decrypt",)) is None:
            return
    _ask(record, last, version_id, ("Decrypt",))


def change_key(record: Record, key_id: str | None) -> None:
    """Put a secret under another key, its labelled versions too where the caller may.

    Raises:
        SecretsError: If the caller may not use the new key.
    """
    check_key(record, key_id)
    old = record.get("KmsKeyId")
    for version_id, version in record["Versions"].items():
        keys = version.get("_KmsKeyIds") or [old]
        again = {CURRENT, PENDING, PREVIOUS} & set(version["Stages"]) and all((
            _refusal(record, old, version_id, ("Decrypt",)) is None,
            _refusal(record, key_id, version_id, ("Encrypt",)) is None,
        ))
        version["_KmsKeyIds"] = [key_id, *keys] if again else keys
    record["KmsKeyId"] = key_id


def check_replication(record: Record, region: str, key_id: str | None, version_id: str, replica_arn: str) -> None:
    """Ask for what a replica needs: the value of the primary, and a data key in the other Region.

    Raises:
        SecretsError: If the caller may not use one of the keys.
    """
    check_reading(record, version_id)
    with request_scope(get_account_id(), region):
        _ask({"ARN": replica_arn}, key_id, version_id, ("GenerateDataKey",))


def _ask(record: Record, key_id: str | None, version_id: str, operations: Sequence[str]) -> None:
    refused = _refusal(record, key_id, version_id, operations)
    if refused is not None:
        raise refused


def _refusal(record: Record, key_id: str | None, version_id: str, operations: Sequence[str]) -> SecretsError | None:
    context = {"SecretARN": str(record["ARN"]), "SecretVersionId": version_id}
    data = StoredData(service="secretsmanager", key_id=key_id or "", encryption_context=context)
    if data.refusal_of_caller(operations) is not None:
        return SecretsError("AccessDeniedException", _NO_ACCESS)
    key = key_named(key_id) if key_id and "alias/aws/" not in key_id else None
    if key is not None and key["KeyState"] != "Enabled":
        is_reading = tuple(operations) == ("Decrypt",)
        code = "DecryptionFailure" if is_reading else "EncryptionFailure"
        return SecretsError(code, _CANNOT.format("decrypt" if is_reading else "encrypt"))
    return None
