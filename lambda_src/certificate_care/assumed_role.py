"""The role of another account that writes into its hosted zone."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from certificate_care.aws_answers import answer
from certificate_care.errors import Unavailable

_SECONDS_OF_SESSION: Final = 900  # the shortest that STS gives
_LONGEST_SESSION_NAME: Final = 64


class AssumesRoles(Protocol):
    """The call of STS that this makes."""

    def assume_role(self, **arguments: str | int) -> Mapping[str, Any]:
        """Give credentials of a role."""


def credentials_of(sts: AssumesRoles, *, role_arn: str, external_id: str, session_name: str) -> Mapping[str, str]:
    """Assume the role that writes into a zone of another account.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html

    Args:
        sts: Speaks to STS.
        role_arn: The role.
        external_id: What it asks for; empty if it asks for none.
        session_name: What the other account's trail shows; what is too long is cut.

    Returns:
        Its credentials.

    Raises:
        Unavailable: If STS gave none.
    """
    arguments: dict[str, str | int] = {
        "RoleArn": role_arn,
        "RoleSessionName": session_name[:_LONGEST_SESSION_NAME],
        "DurationSeconds": _SECONDS_OF_SESSION,
    }
    if external_id:
        arguments["ExternalId"] = external_id
    found = answer("sts:AssumeRole", lambda: sts.assume_role(**arguments)).get("Credentials")
    if not isinstance(found, Mapping):
        raise Unavailable("sts:AssumeRole must answer with credentials, got none")
    return found
