"""A Deny that hits whoever deploys a key, and one that does not."""

from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.denials import check_denial
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.principals import Permission, Principal

ACCOUNT = "arn:aws:iam::111122223333:root"


def role(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


DEPLOYER = Principal.by_name(role("Deployer"))
KNOWN_AS = {"${S/Deployer/Resource.Arn}": role("Deployer")}


def check(denied: Permission, *deployers: Principal) -> None:
    check_denial(
        denied,
        administer=SYMMETRIC.administer,
        deployers=deployers or [DEPLOYER],
        known_as=lambda arn: KNOWN_AS.get(arn, arn),
    )


DENIALS = {
    "everybody": (Principal("AWS", "*"), {}),
    "the account": (Principal("AWS", ACCOUNT), {}),
    "the deployer by identity": (Principal.by_arn(role("Deployer")), {}),
    "a session of the deployer": (Principal.by_arn("arn:aws:sts::111122223333:assumed-role/Deployer/x"), {}),
    "the deployer as a role of the stack": (Principal.by_arn("${S/Deployer/Resource.Arn}"), {}),
    "everybody of a name": (Principal("AWS", "*"), {"ArnLike": {"aws:PrincipalArn": (role("Dep*"),)}}),
    "everybody but somebody else": (Principal("AWS", "*"), {"ArnNotEquals": {"aws:PrincipalArn": (role("Admin"),)}}),
    "everybody but a name in other capitals": (
        Principal("AWS", "*"),
        {"ArnNotEquals": {"aws:PrincipalArn": (role("deployer"),)}},
    ),
    "everybody under a condition": (Principal("AWS", "*"), {"Bool": {"aws:MultiFactorAuthPresent": ("false",)}}),
    "everybody of a provider": (Principal("Federated", "arn:aws:iam::111122223333:saml-provider/Idp"), {}),
}


@pytest.mark.parametrize("action", ["kms:ScheduleKeyDeletion", "kms:DescribeKey", "kms:TagResource", "kms:CreateAlias"])
@pytest.mark.parametrize(("caller", "conditions"), DENIALS.values(), ids=DENIALS)
def test_refuses_to_deny_the_deployer_what_a_deployment_does(caller: Principal, conditions: Any, action: str) -> None:
    denied = Permission(caller, ("kms:Decrypt", action), conditions, effect="Deny")

    with pytest.raises(ConfigurationError) as refused:
        check(denied)
    assert str(refused.value) == (
        "a key policy must let its deployers create, change and delete the key, got a Deny of "
        f"{action} that may hit {role('Deployer')}; guards such as OnlyDeletedBy spare them"
    )


def test_refuses_to_spare_some_deployers_only() -> None:
    denied = Permission(
        Principal("AWS", "*"),
        ("kms:ScheduleKeyDeletion",),
        {"ArnNotEquals": {"aws:PrincipalArn": (role("Deployer"),)}},
        effect="Deny",
    )

    check(denied)
    with pytest.raises(ConfigurationError, match=r"got a Deny of kms:ScheduleKeyDeletion that may hit .*role/Other;"):
        check(denied, DEPLOYER, Principal.by_arn(role("Other")))


SPARING = {
    "somebody else": (Principal.by_arn(role("Somebody")), {}),
    "a role of the stack": (Principal.by_arn("${S/Role/Resource.Arn}"), {}),
    "a service": (Principal("Service", "sns.amazonaws.com"), {}),
    "the account but the deployer": (
        Principal("AWS", ACCOUNT),
        {"ArnNotEquals": {"AWS:PrincipalArn": (role("Admin"), role("Deployer"))}},
    ),
    "everybody but names like the deployer's": (
        Principal("AWS", "*"),
        {"ArnNotLike": {"aws:PrincipalArn": (role("Dep*").replace(":aws:", ":${AWS::Partition}:"),)}},
    ),
    "everybody of another name": (Principal("AWS", "*"), {"ArnLike": {"aws:PrincipalArn": (role("Some*"),)}}),
}


@pytest.mark.parametrize(("caller", "conditions"), SPARING.values(), ids=SPARING)
def test_denials_that_spare_the_deployers_are_taken(caller: Principal, conditions: Any) -> None:
    denied = Permission(caller, ("kms:ScheduleKeyDeletion", "kms:DescribeKey"), conditions, effect="Deny")

    check(denied)
    with pytest.raises(ConfigurationError, match="a key policy must let its deployer change it"):
        check(replace(denied, actions=("kms:PutKeyPolicy",)))


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:CreateGrant"])
def test_use_may_be_denied_to_anybody(action: str) -> None:
    check(Permission(Principal("AWS", "*"), (action,), effect="Deny"))
