"""Roles that may use a watched key, and whose own changes nobody watches."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.key_kind import KeyKind
from constructs_lib.naming.token_text import TokenText

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

_ROLE = ":role/"


def announce_unwatched_roles(watch: "Construct", *, keys: "Sequence[kms.IKey]", roles: "Sequence[iam.IRole]") -> None:
    """Have it announced at synthesis which roles may use watched keys and are not among those that are watched.

    Keys of this library say whom their policies and grants let use them, beside the deployers; others say nothing.
    Roles of other accounts are not named, since their changes are on record there.

    Args:
        watch: The watch.
        keys: The keys.
        roles: Whose changes it tells.
    """
    at_synthesis(watch, lambda: _announce(watch, keys, roles))


def _announce(watch: "Construct", keys: "Sequence[kms.IKey]", roles: "Sequence[iam.IRole]") -> list[str]:
    users = {each: key.node.path for key in keys for each in _users(key)}
    if not users:
        return []
    made = {
        f"${{{each.node.path}.Arn}}": each for each in watch.node.root.node.find_all() if isinstance(each, iam.CfnRole)
    }
    known = {name.lower() for role in roles for name in _names(role)}
    account = cdk.Stack.of(watch).account
    missing = {}
    for who, key in users.items():
        role = made.get(who)
        if role is not None:
            if not known & {each.lower() for each in (role.node.path, str(role.role_name))}:
                missing[role.node.path.removesuffix("/Resource")] = key
        elif _ROLE in who and _is_of(account, who) and who.rpartition("/")[2].lower() not in known:
            missing[who.partition(_ROLE)[2]] = key
    if missing:
        said = ", ".join(f"{role} ({key})" for role, key in sorted(missing.items()))
        cdk.Annotations.of(watch).add_warning_v2(
            "cdk-key-management:roles-not-watched",
            "key policies let these roles use watched keys, and nobody is told who changes their trust or permissions: "
            f"{said}. Give them to roles, or acknowledge this",
        )
    return []


def _users(key: "kms.IKey") -> Iterable[str]:
    kind, holders_of = getattr(key, "kind", None), getattr(key, "holders_of", None)
    if not isinstance(kind, KeyKind) or holders_of is None:
        return ()
    found: tuple[str, ...] = holders_of({action for actions in kind.uses.values() for action in actions})
    return found


def _names(role: iam.IRole) -> Iterable[str]:
    resource = role.node.default_child
    if isinstance(resource, iam.CfnRole):
        yield resource.node.path
        if resource.role_name is not None:
            yield TokenText(resource.stack).text(resource.role_name)
    else:
        yield TokenText(cdk.Stack.of(role)).text(role.role_name)


def _is_of(account: str, arn: str) -> bool:
    its = arn.split(":")[-2]
    return cdk.Token.is_unresolved(account) or its == account or not its.isdigit()
