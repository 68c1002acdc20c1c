"""Names of databases: what Athena takes, and each once in an account and Region of the app."""

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs import Construct

_TAKEN = "_cdk_key_management_database_names"
# A workgroup is called the same, and has the shorter names.
# https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
# https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateWorkGroup.html
_FORM = re.compile(r"[a-z][a-z0-9_]{0,127}", re.ASCII)
_OF_AWS = ("default", "primary")


def check_database_name(name: str) -> str:
    """Return a name that both a database and a workgroup can have.

    Args:
        name: The name.

    Raises:
        ConfigurationError: If it is no literal text of such characters, or AWS has one of that name already.

    Examples:
        >>> check_database_name("audit_trail")
        'audit_trail'
    """
    if not isinstance(name, str) or not _FORM.fullmatch(name) or name in _OF_AWS:
        raise ConfigurationError(
            "database_name must be 1 to 128 lower-case letters, digits and underscores, a letter first, and neither "
            f"of {', '.join(_OF_AWS)}, got {spoken(name)}"
        )
    return name


def claim_database_name(scope: "Construct", construct_id: str, *, name: str) -> None:
    """Refuse a name that the queries of this app have already in the same account and Region.

    Stacks of which only the deployment knows account or Region may go to different ones, so they may share a name.

    Args:
        scope: Where the queries are.
        construct_id: Their id there.
        name: The name.

    Raises:
        ConfigurationError: If it is taken.
    """
    stack = cdk.Stack.of(scope)
    where = (stack.account, stack.region)
    place = (name, *((stack.node.path,) if any(map(cdk.Token.is_unresolved, where)) else where))
    taken: dict[tuple[str, ...], str] = getattr(scope.node.root, _TAKEN, {})
    if place in taken:
        raise ConfigurationError(
            f"database_name must be another one in each account and Region, got {name!r}, which {taken[place]} has "
            "already"
        )
    setattr(scope.node.root, _TAKEN, {**taken, place: f"{scope.node.path}/{construct_id}"})
