from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey, organizational_unit
from tests.support.synthesised import granted, key_statements, template_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
ROOT = "arn:aws:iam::111122223333:root"
UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"
IN_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
IN_UNIT = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{UNIT}/*"}, **IN_ORGANIZATION}
ELSEWHERE = {"StringNotEquals": {"kms:CallerAccount": "111122223333"}}

SHARED = pytest.mark.parametrize(
    ("shared", "condition"),
    [
        (lambda: organizational_unit(UNIT), IN_UNIT),
        (lambda: iam.OrganizationPrincipal("o-a1b2c3d4e5"), IN_ORGANIZATION),
    ],
    ids=["unit", "organization"],
)


def both(actions: Any, condition: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the statement for other accounts and the one for the key's, whose IAM policies then decide as well."""
    return [
        {"Effect": "Allow", "Principal": "*", "Action": actions, "Condition": condition | ELSEWHERE},
        {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": actions, "Condition": condition},
    ]


def of_others(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(statements, key=lambda statement: statement["Principal"] != "*")


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@SHARED
def test_people_of_it_are_those_of_other_accounts_and_those_of_the_keys_account(
    shared: Callable[[], iam.IGrantable], condition: dict[str, Any], stack: cdk.Stack
) -> None:
    EncryptionKey(stack, "Key", decrypters=[shared()])

    statements = [each for sid, each in key_statements(template_of(stack)).items() if sid.startswith("Decrypters")]
    assert of_others(statements) == both("kms:Decrypt", condition)


@SHARED
def test_grants_to_it_are_the_same(
    shared: Callable[[], iam.IGrantable], condition: dict[str, Any], stack: cdk.Stack
) -> None:
    key = EncryptionKey(stack, "Key")
    s3.Bucket(stack, "Bucket", encryption_key=key).grant_read(shared())
    key.grant(shared(), "kms:Decrypt", "kms:DescribeKey")

    statements = list(granted(template_of(stack)).values())
    assert of_others(statements) == both(["kms:Decrypt", "kms:DescribeKey"], condition)


@SHARED
def test_statements_of_others_for_it_are_the_same(
    shared: Callable[[], iam.IPrincipal], condition: dict[str, Any], stack: cdk.Stack
) -> None:
    key = EncryptionKey(stack, "Key")
    key.add_to_resource_policy(iam.PolicyStatement(actions=["kms:Decrypt"], principals=[shared()], resources=["*"]))

    assert of_others(list(granted(template_of(stack)).values())) == both("kms:Decrypt", condition)


def test_a_deny_stays_whole(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    key.add_to_resource_policy(
        iam.PolicyStatement(
            effect=iam.Effect.DENY, actions=["kms:Decrypt"], principals=[organizational_unit(UNIT)], resources=["*"]
        )
    )

    (denied,) = granted(template_of(stack)).values()
    assert (denied["Effect"], denied["Principal"], denied["Condition"]) == ("Deny", "*", IN_UNIT)


def test_the_own_account_of_a_stack_of_any_account_is_known_to_its_deployment(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    EncryptionKey(stack, "Key", decrypters=[organizational_unit(UNIT)])

    text = str(key_statements(template_of(stack)))
    assert "'kms:CallerAccount': '${AWS::AccountId}'" in text


def test_refuses_what_is_no_path() -> None:
    with pytest.raises(ConfigurationError, match=r"^path must be the ids of an organization, its root and one to five"):
        organizational_unit("ou-ab12-11111111")
