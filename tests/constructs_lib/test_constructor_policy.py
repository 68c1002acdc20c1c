from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.constructor_policy import constructor_policy
from constructs_lib.errors import ConfigurationError
from constructs_lib.guards import OnlyDeletedBy
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_policy import Administration, KeyPolicy
from constructs_lib.key_settings import KeySettings, read_settings
from constructs_lib.naming.grantees import Grantees
from constructs_lib.naming.naming import Naming
from constructs_lib.naming.role_names import UnnamedRoles
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.principals import Person, Principal

MakeApp = Callable[..., cdk.App]
ACCOUNT = "arn:${AWS::Partition}:iam::111122223333"
DEPLOYER = f"{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"
ADMIN, READER = (f"arn:aws:iam::111122223333:role/{name}" for name in ("Admin", "Reader"))


@pytest.fixture
def key(make_app: MakeApp) -> cdk.Resource:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    return cdk.Resource(stack, "Key")


def policy_of(key: cdk.Resource, people: dict[str, Any], **settings: Any) -> KeyPolicy:
    given: KeySettings = {**settings}  # type: ignore[typeddict-item]
    grantees = Grantees(key, StackFacts.of(key).text, UnnamedRoles.GIVE_NAME, Naming.BY_STACK)
    policy, _ = constructor_policy(
        grantees, kind=SYMMETRIC, people=people, read=read_settings(given, SYMMETRIC), services=["s3"]
    )
    return policy


def test_where_nothing_is_said_the_stack_deploys_and_nobody_uses(key: cdk.Resource) -> None:
    policy = policy_of(key, {"decrypters": ()})

    assert policy.account == "arn:aws:iam::111122223333:root"
    assert policy.region == "eu-west-1"
    assert policy.administration is Administration.THROUGH_IAM
    assert [person.named for person in policy.deployers] == [DEPLOYER]
    assert {argument: list(people) for argument, people in policy.people.items()} == {
        "decrypters": [],
        "administrators": [],
        "auditors": [],
    }
    assert list(policy.guards) == []


def test_people_stand_under_the_arguments_that_name_them(key: cdk.Resource) -> None:
    policy = policy_of(
        key,
        {"decrypters": [iam.ArnPrincipal(READER)]},
        administrators=[iam.ArnPrincipal(ADMIN)],
        deployers=[iam.ArnPrincipal(ADMIN)],
    )

    assert list(policy.people["decrypters"]) == [Person(Principal.by_arn(READER))]
    assert list(policy.people["administrators"]) == [Person(Principal.by_arn(ADMIN))]
    assert list(policy.deployers) == [Principal.by_arn(ADMIN)]


def test_guards_spare_whom_they_name_and_whoever_deploys(key: cdk.Resource) -> None:
    (guard,) = policy_of(key, {}, guards=[OnlyDeletedBy(people=[iam.ArnPrincipal(ADMIN)])]).guards

    assert guard.effect == "Deny"
    assert guard.conditions == {"ArnNotEquals": {"aws:PrincipalArn": tuple(sorted((ADMIN, DEPLOYER)))}}


def test_refuses_somebody_who_administers_and_uses(key: cdk.Resource) -> None:
    somebody = [iam.ArnPrincipal(ADMIN)]

    with pytest.raises(ConfigurationError, match=r"^decrypters must be other people than the administrators"):
        policy_of(key, {"decrypters": somebody}, administrators=somebody)
