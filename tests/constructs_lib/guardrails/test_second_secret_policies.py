"""Templates written by hand: policies of secrets beside the one that each of ours has."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.second_secret_policies import SecondSecretPolicy, second_secret_policies
from constructs_lib.guardrails.template_values import Located
from tests.support.denied_by_secret import ACCOUNT, ANYWHERE, ARNS, HERE, SECRET, deny, resource_policy

SECOND = resource_policy(deny(sid="Other"))
THERE = DeployedStack(name="W", path="W", account=ACCOUNT, region="eu-west-1")
AFAR = DeployedStack(name="W", path="W", account=ACCOUNT, region="us-east-1")
ELSEWHERE = DeployedStack(name="W", path="W")
KINDS: dict[str, dict[str, Any]] = {
    "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "orders"}},
    "Policy": resource_policy(deny()),
    "Theirs": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "bills"}},
    "Attached": {"Type": "AWS::SecretsManager::SecretTargetAttachment", "Properties": {"SecretId": SECRET}},
}


def found(secret: Any, *, here: DeployedStack = HERE, there: DeployedStack | None = None) -> bool:
    """Whether a policy of what is named so is found: in the stack of our secret, or in another one."""
    second = resource_policy(deny(sid="Other"), secret=secret)
    place = Located("S", "Second") if there is None else Located("W", "Second")
    ours = {**KINDS, "Second": second} if there is None else KINDS
    templates = {"S": {"Resources": ours}, "W": {"Resources": {} if there is None else {"Second": second}}}
    stacks = {"S": here, "W": there or THERE}
    ones = second_secret_policies(References(CloudTemplates(templates, stacks)), {Located("S", "Policy")})
    every = list(ones)
    assert every in ([], [SecondSecretPolicy(place, Located("S", "Secret"))])
    return bool(every)


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        {"Fn::GetAtt": ["Secret", "Id"]},
        {"Ref": "Attached"},
        {"Fn::Sub": "${Secret}"},
        {"Fn::If": ["IsProd", SECRET, {"Ref": "Theirs"}]},
        "orders",
        f"{ARNS}orders",
        f"{ARNS}orders-AbCdEf",
        {"Fn::Sub": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:orders"},
    ],
    ids=str,
)
def test_however_a_second_policy_names_the_secret_it_is_found(secret: Any) -> None:
    assert found(secret)


@pytest.mark.parametrize(
    "secret",
    [
        {"Ref": "Theirs"},
        {"Ref": "Parameter"},
        {"Ref": "AWS::NoValue"},
        None,
        "bills",
        "orders-AbCdEf",
        "orders/partner",
        f"{ARNS}orders-AbCdEfG",
        f"{ARNS.replace(ACCOUNT, '444455556666')}orders",
        f"{ARNS.replace('eu-west-1', 'us-east-1')}orders",
        "arn:orders",
    ],
    ids=str,
)
def test_the_policy_of_another_secret_is_no_finding(secret: Any) -> None:
    assert not found(secret)


@pytest.mark.parametrize(
    ("secret", "there", "is_found"),
    [
        ("orders", THERE, True),
        ("orders", AFAR, False),
        ("orders", ELSEWHERE, False),
        (f"{ARNS}orders", AFAR, True),
        (f"{ARNS}orders", ELSEWHERE, True),
    ],
)
def test_in_another_stack_a_name_means_the_secret_of_its_account_and_region(
    secret: str,
    there: DeployedStack,
    is_found: bool,  # noqa: FBT001  # a case
) -> None:
    assert found(secret, there=there) is is_found


def test_where_only_the_deployment_knows_the_account_a_name_means_the_secret_of_its_own_stack() -> None:
    assert found("orders", here=ANYWHERE)
    assert not found("orders", here=ANYWHERE, there=ELSEWHERE)
    assert not found(f"{ARNS}orders", here=ANYWHERE)


def test_a_secret_of_others_may_have_as_many_as_they_like() -> None:
    resources = {"Secret": KINDS["Secret"], "First": resource_policy(deny()), "Second": SECOND}
    templates = CloudTemplates({"S": {"Resources": resources}}, {"S": HERE})

    assert list(second_secret_policies(References(templates), ())) == []


def test_a_second_policy_under_a_condition_is_one() -> None:
    resources = {**KINDS, "Second": {**SECOND, "Condition": "IsProd"}}
    templates = CloudTemplates({"S": {"Resources": resources}}, {"S": HERE})

    assert len(list(second_secret_policies(References(templates), {Located("S", "Policy")}))) == 1
