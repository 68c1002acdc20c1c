from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.growing_policy import GrowingPolicy
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_policy import Administration, KeyPolicy
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.principals import Permission, Person, Principal

ADMIN = Principal.by_arn("arn:aws:iam::111122223333:role/Admin")
READER = Permission(Principal.by_arn("arn:aws:iam::111122223333:role/Reader"), ("kms:Decrypt",))
WRITER = Permission(Principal.by_arn("arn:aws:iam::111122223333:role/Writer"), ("kms:Encrypt",))


@pytest.fixture
def policy() -> GrowingPolicy:
    said = KeyPolicy(
        kind=SYMMETRIC,
        account="arn:aws:iam::111122223333:root",
        region="eu-west-1",
        administration=Administration.THROUGH_IAM,
        people={"administrators": [Person(ADMIN)]},
        deployers=[Principal.by_name("arn:aws:iam::111122223333:role/Deployer")],
        services=["s3"],
    )
    return GrowingPolicy(said, StackFacts.of(cdk.Stack()))


def sids(policy: GrowingPolicy) -> list[str]:
    return [statement["Sid"] for statement in policy.checked()["Statement"]]


BEFORE = ["AccountAdministration", "Administrators", "DeployersThroughS3ByName"]


def test_it_starts_with_what_the_constructor_said(policy: GrowingPolicy) -> None:
    assert sids(policy) == BEFORE
    assert policy.holders_of(["kms:Decrypt"]) == ()


def test_what_is_admitted_stands_in_it_and_is_said_once(policy: GrowingPolicy) -> None:
    assert policy.admit([READER, WRITER]) == [READER, WRITER]
    assert policy.admit([READER]) is None

    assert sids(policy) == [*BEFORE, "GrantedDecrypt", "GrantedEncrypt"]
    assert policy.holders_of(["kms:Decrypt"]) == ("arn:aws:iam::111122223333:role/Reader",)


def test_a_service_through_which_deployers_create_is_added_once(policy: GrowingPolicy) -> None:
    assert policy.lacking_to_create("rds", deployer="", usual="") != ()
    assert policy.admit([], "rds") == []
    assert policy.admit([], "rds") is None

    assert sids(policy) == [*BEFORE[:2], "DeployersThroughRdsByName", BEFORE[2], "DeployersGrantsByName"]
    assert policy.lacking_to_create("rds", deployer="", usual="") == ()


@pytest.mark.parametrize(
    ("refused", "creator"),
    [
        ([READER, Permission(ADMIN, ("kms:Decrypt",))], ""),
        ([READER, Permission(Principal("AWS", "*"), ("kms:PutKeyPolicy",), effect="Deny")], "rds"),
    ],
    ids=["a use by an administrator", "a lock-out"],
)
def test_refuses_all_or_nothing(policy: GrowingPolicy, refused: list[Permission], creator: str) -> None:
    before: dict[str, Any] = policy.checked()

    with pytest.raises(ConfigurationError):
        policy.admit(refused, creator)
    assert policy.checked() == before
    assert policy.admit([READER]) == [READER]
