"""ministack's records of secrets and of their versions, and the errors where there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from ministack.core.responses import request_scope
from ministack.services import secretsmanager

from local_aws.server.secrets.errors import SecretsError

Record: TypeAlias = dict[str, Any]
CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"

_PARTS_OF_ARN = 7
_MISSING = "Secrets Manager can't find the specified secret."
_MARKED = "You can't perform this operation on the secret because it was marked for deletion."


def existing_record(secret_id: object) -> Record:
    """Find a secret, whether or not it waits for deletion.

    Args:
        secret_id: Its name or its ARN.

    Raises:
        SecretsError: If there is none.
    """
    found: Record | None
    _, found = secretsmanager._resolve(secret_id)
    if found is None:
        raise SecretsError("ResourceNotFoundException", _MISSING)
    return found


def usable_record(secret_id: object) -> Record:
    """Find a secret that does not wait for deletion.

    Args:
        secret_id: Its name or its ARN.

    Raises:
        SecretsError: If there is none.
    """
    found = existing_record(secret_id)
    if found.get("DeletedDate"):
        raise SecretsError("InvalidRequestException", _MARKED)
    return found


def changeable_record(secret_id: object) -> Record:
    """Find a secret that can be changed: a primary one that does not wait for deletion.

    Args:
        secret_id: Its name or its ARN.

    Raises:
        SecretsError: If there is none.
    """
    found = usable_record(secret_id)
    if secretsmanager._is_replica(found):
        raise SecretsError("InvalidRequestException", "You can't perform this operation on a replica secret.")
    return found


def labelled(record: Record, label: str) -> str | None:
    """Say which version has a staging label."""
    found: str | None
    found, _ = secretsmanager._find_stage_version(record, label)
    return found


def pending_rotation(record: Record) -> str | None:
    """Say which version a rotation makes that has not come to its end.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: as long as `AWSPENDING` is on
    another version than `AWSCURRENT`.
    """
    found = labelled(record, PENDING)
    return None if found == labelled(record, CURRENT) else found


def has_value(version: Record) -> bool:
    """Say whether a version has a value; one that a rotation has only begun has none."""
    return version.get("SecretString") is not None or version.get("SecretBinary") is not None


@contextmanager
def where_it_is(secret_id: object) -> Iterator[None]:
    """Let everything in the block happen in the account of a secret that is named by its ARN.

    Args:
        secret_id: A name or an ARN.
    """
    parts = str(secret_id).split(":")
    if len(parts) == _PARTS_OF_ARN and parts[2] == "secretsmanager":
        with request_scope(parts[4], parts[3]):
            yield
    else:
        yield
