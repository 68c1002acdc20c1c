"""A secret is made: with a value or without, under a key that its creator may use, and never over another.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
"""

from ministack.services import secretsmanager

from local_aws.server.secrets.encryption import check_key, check_writing
from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.records import Record, existing_record
from local_aws.server.secrets.registry import Operation, Request, perform, wrap

_SCHEDULED = "You can't create this secret because a secret with this name is already scheduled for deletion."


def extend() -> None:
    """Replace the operation."""
    wrap("CreateSecret", _create)


def _create(request: Request, former: Operation) -> Request:
    taken = secretsmanager._secrets.get(request.get("Name"))
    if taken is not None and taken.get("DeletedDate"):
        raise SecretsError("InvalidRequestException", _SCHEDULED)
    made = former(request)
    record = existing_record(made["ARN"])
    try:
        version_id = _encrypted(record, request, made.pop("VersionId"))
        if request.get("AddReplicaRegions"):
            perform("ReplicateSecretToRegions", {**request, "SecretId": made["ARN"]})
    except SecretsError:
        secretsmanager._purge_secret(made["Name"], record)
        raise
    return made | ({"VersionId": version_id} if version_id else {})


def _encrypted(record: Record, request: Request, drawn_id: str) -> str | None:
    if request.get("KmsKeyId"):
        check_key(record, request["KmsKeyId"])
    version = record["Versions"].pop(drawn_id)
    if "SecretString" not in request and "SecretBinary" not in request:
        return None
    version_id: str = request.get("ClientRequestToken") or drawn_id
    record["Versions"][version_id] = version
    check_writing(record, version_id)
    return version_id
