"""What is announced at synthesis when a construct of the CDK trusts more than one caller: an account, a service."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.actions import EVERYTHING, USE_OF_ANY_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms

    from constructs_lib.principals import Permission
    from constructs_lib.service_access.narrowing import Narrowed

_TOLD = "_cdk_key_management_told"


def announce_left_to_iam(key: "kms.IKey") -> None:
    """Say that a statement for the whole account was not written."""
    cdk.Annotations.of(key).add_info_v2(
        "cdk-key-management:left-to-iam",
        f"{EVERYTHING} for the account was left out: the key's administration says what IAM decides",
    )


def announce_account(key: "kms.IKey", account: str, permissions: "Sequence[Permission]") -> None:
    """Say that IAM decides who of the key's account uses it, because a statement admits the account.

    Args:
        key: The key.
        account: Its account as a principal.
        permissions: What was added to its policy.
    """
    for permission in permissions:
        uses = [action for action in permission.actions if action in USE_OF_ANY_KEY]
        if permission.effect == "Allow" and permission.principal.is_account and permission.principal.value == account:
            named = ", ".join(uses)
            if named:
                cdk.Annotations.of(key).add_info_v2(
                    "cdk-key-management:account-admitted",
                    f"IAM decides who of the account may {named}, under the conditions of the statement",
                )


def announce_narrowed(key: "kms.IKey", less: "Narrowed") -> None:
    """Say once for each key whom a construct of the CDK wanted to trust, all at once, and how each is admitted by name.

    Args:
        key: The key.
        less: What is given instead of what was asked.
    """
    if less.instead and _is_new(key, less.instead):
        cdk.Annotations.of(key).add_info_v2(
            "cdk-key-management:narrowed",
            f"what a construct asked for everybody was left out: {less.instead}; {less.page}",
        )


def announce_unconditioned(key: "kms.IKey", permissions: "Sequence[Permission]") -> None:
    """Say once for each key which AWS services it admits whomever they act for.

    Args:
        key: The key.
        permissions: What is given instead of what was asked.
    """
    for permission in permissions:
        who, actions = permission.principal, ", ".join(permission.actions)
        if who.kind == "Service" and permission.effect == "Allow" and not permission.conditions:
            said = f"{who.value} may {actions} under no condition, whichever account it acts for"
            if _is_new(key, said):
                cdk.Annotations.of(key).add_info_v2("cdk-key-management:unconditioned-service", said)


def _is_new(key: "kms.IKey", said: str) -> bool:
    told: set[str] = vars(key).setdefault(_TOLD, set())
    is_new = said not in told
    told.add(said)
    return is_new
