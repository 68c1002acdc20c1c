"""Names of trails: what CloudTrail takes, and each once in an account and Region of the app."""

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

_TAKEN = "_cdk_key_management_trail_names"
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
_FORM = re.compile(r"(?=.{3,128}$)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*", re.ASCII)
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}", re.ASCII)


def check_trail_name(name: str) -> str:
    """Return a name that CloudTrail takes and that the policies of key and bucket can hold before the trail exists.

    Args:
        name: The name.

    Raises:
        ConfigurationError: If it is no literal text, or CloudTrail does not take it.

    Examples:
        >>> check_trail_name("audit.main")
        'audit.main'
    """
    if not isinstance(name, str):
        raise ConfigurationError(f"trail_name must be a text, got {spoken(name)}")
    if cdk.Token.is_unresolved(name) or "${" in name:
        raise ConfigurationError(
            f"trail_name must be literal, since the policies of the key and of the bucket hold it before the trail is "
            f"made, got {name!r}"
        )
    if not _FORM.fullmatch(name) or _ADDRESS.fullmatch(name):
        raise ConfigurationError(
            "trail_name must be 3 to 128 letters and digits with single '.', '_' or '-' between them, and no IP "
            f"address, got {name!r}"
        )
    return name


def claim_trail_name(scope: "Construct", construct_id: str, *, name: str) -> None:
    """Refuse a name that a trail of this app has already in the same account and Region.

    Stacks of which only the deployment knows account or Region may go to different ones, so they may share a name,
    which is announced.

    Args:
        scope: Where the trail is.
        construct_id: Its id there.
        name: Its name.

    Raises:
        ConfigurationError: If it is taken.
    """
    stack = cdk.Stack.of(scope)
    where = (stack.account, stack.region)
    place = (name, *(where if not any(map(tokens_in, where)) else (stack.node.path,)))
    taken: dict[tuple[str, ...], str] = getattr(scope.node.root, _TAKEN, {})
    if place in taken:
        raise ConfigurationError(
            f"trail_name must be another one in each account and Region, got {name!r}, which {taken[place]} has already"
        )
    namesakes = [path for (known, *there), path in taken.items() if known == name and _may_be_one(place[1:], there)]
    if namesakes:
        cdk.Annotations.of(scope).add_info_v2(
            "cdk-key-management:trail-name-shared",
            f"trail_name {name!r} is that of {', '.join(namesakes)} as well: both cannot be deployed to one account "
            "and Region",
        )
    setattr(scope.node.root, _TAKEN, {**taken, place: f"{scope.node.path}/{construct_id}"})


def _may_be_one(place: "Sequence[str]", other: "Sequence[str]") -> bool:
    """Whether two places may turn out to be one: of a stack that may go anywhere only its path is known."""
    return len(place) == 1 or len(other) == 1
