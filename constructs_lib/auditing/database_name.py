"""Names of databases: what Athena takes, and each once in an account and Region of the app."""

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def check_name_is_free(scope: "Construct", *, name: str) -> None:
    """Have the synthesis fail where the app defines another database or workgroup of that name in the same place.

    Args:
        scope: The queries.
        name: The name of their database and workgroup.
    """
    at_synthesis(
        scope,
        lambda: [
            f"database_name must be another one in each account and Region, got {name!r}, which {taken} has already"
            for taken in _others_of_name(scope, name)
        ],
    )


def _others_of_name(scope: "Construct", name: str) -> "Iterator[str]":
    here, own = cdk.Stack.of(scope), f"{scope.node.path}/"
    for each in scope.node.root.node.find_all():
        if isinstance(each, athena.CfnWorkGroup):
            called: object = each.name
        elif isinstance(each, glue.CfnDatabase):
            given = each.database_input
            called = given.name if isinstance(given, glue.CfnDatabase.DatabaseInputProperty) else None
        else:
            continue
        there = cdk.Stack.of(each)
        is_here = there.node.path == here.node.path or (
            (there.account, there.region) == (here.account, here.region)
            and not any(map(cdk.Token.is_unresolved, (here.account, here.region)))
        )
        if called == name and is_here and not f"{each.node.path}/".startswith(own):
            yield each.node.path
