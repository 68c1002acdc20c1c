"""RotationToken: what Secrets Manager sends with each step, and what a step may put its value with.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
It says where a request comes from if the function calls Secrets Manager as another role. AWS does not say how one is
refused that it did not send, nor that each step gets the same one; here it does, and every other one is an invalid
parameter.
"""

import uuid

from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.records import Record

_sent: dict[tuple[str, str], str] = {}


def rotation_token(record: Record, version_id: str) -> str:
    """Return what the steps of one rotation get.

    Args:
        record: The secret.
        version_id: The version that the rotation makes.
    """
    return _sent.setdefault((record["ARN"], version_id), str(uuid.uuid4()))


def check_rotation_token(record: Record, version_id: str, token: str | None) -> None:
    """Refuse a token that no step of this rotation got.

    Args:
        record: The secret.
        version_id: The version that gets a value.
        token: What came with it, if anything.

    Raises:
        SecretsError: If it is another one.
    """
    if token is not None and token != _sent.get((record["ARN"], version_id)):
        raise SecretsError("InvalidParameterException", "The RotationToken is not that of a rotation to this version.")
