"""ShownKey: a key as a dashboard shows it, by a name that a person knows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.dashboards.same_place import check_same_place
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.named_keys import check_literal, named_keys

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.wiring.named_keys import Keys

MOST_KEYS = 200
"""For which a question to a trail stays within the 10,000 characters of a query, and a dashboard within its metrics."""

_SYMMETRIC = "SYMMETRIC_DEFAULT"
_IMPORTED = "EXTERNAL"


@dataclass(frozen=True)
class ShownKey:
    """A key on a dashboard.

    Attributes:
        alias: What it is called there, with the prefix `alias/`.
        key_id: The last part of its ARN.
        key_arn: Its ARN.
        may_expire: Whether its material was imported, or nobody here can see that it was not.
        may_rotate: Whether it is symmetric, or nobody here can see that it is not.
    """

    alias: str
    key_id: str
    key_arn: str
    may_expire: bool
    may_rotate: bool


def shown_keys(scope: "Construct", keys: "Keys") -> tuple[ShownKey, ...]:
    """Read the keys of a dashboard.

    Args:
        scope: Where the dashboard is made.
        keys: In a sequence, keys whose alias is seen in the app; in a mapping, any keys by their alias.

    Raises:
        ConfigurationError: If one is no key, is known by its alias alone, is elsewhere, has no alias that is seen
            here, or stands there twice, or if there are none or too many.
    """
    named = list(named_keys(keys))
    if not 1 <= len(named) <= MOST_KEYS:
        raise ConfigurationError(f"keys must be 1 to {MOST_KEYS} for one dashboard, got {len(named)}")
    stack = cdk.Stack.of(scope)
    shown: dict[str, ShownKey] = {}
    for argument, alias, key in named:
        _check(stack, argument, key)
        one = _shown(_alias(argument, alias, key), key)
        if one.alias in shown or any(one.key_arn == other.key_arn for other in shown.values()):
            raise ConfigurationError(f"{argument} must be another key than those before it, got {one.alias} again")
        shown[one.alias] = one
    return tuple(shown.values())


def _check(stack: cdk.Stack, argument: str, key: "kms.IKey") -> None:
    if not (hasattr(key, "key_arn") and hasattr(key, "add_to_resource_policy")):
        raise ConfigurationError(
            f"{argument} must be a key, such as EncryptionKey(...) or ExistingKey.from_arn(...), got {spoken(key)}"
        )
    if hasattr(key, "alias_target_key") or ":alias/" in key.key_arn:
        raise ConfigurationError(
            f"{argument} must be a key whose ARN is known, since metrics name keys by ARN, got {spoken(key)} that is "
            "known by its alias alone; ExistingKey.from_lookup(...) finds the key"
        )
    check_same_place(stack, argument, key)


def _alias(argument: str, given: str | None, key: "kms.IKey") -> str:
    if given is not None:
        return given
    own = [str(each.alias_name) for each in key.node.find_all() if isinstance(each, kms.CfnAlias)]
    if not own:
        raise ConfigurationError(
            f"{argument} must be a key whose alias is seen here, or be given with it as {{'orders': key}}, got "
            f"{key.node.path}"
        )
    return check_literal(argument, own[0])


def _shown(alias: str, key: "kms.IKey") -> ShownKey:
    made = key.node.default_child
    if not isinstance(made, kms.CfnKey):  # imported, or a replica: what it is stands elsewhere
        return ShownKey(alias, key.key_id, key.key_arn, may_expire=True, may_rotate=True)
    spec = made.key_spec or _SYMMETRIC
    return ShownKey(
        alias,
        key.key_id,
        key.key_arn,
        may_expire=made.origin == _IMPORTED,
        may_rotate=cdk.Token.is_unresolved(spec) or spec == _SYMMETRIC,
    )
