"""Names in policies of secrets written by hand: whom they may mean."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.denied_secrets import denied_secrets
from constructs_lib.guardrails.deployed_stack import DeployedStack
from tests.support.denied_by_secret import ANYWHERE, HERE, PRINCIPAL, called, denied, deny, policy, resource_policy

NAMED = {"RoleName": "Reader", "Path": "/team/"}


def spares(arn: Any, operator: str = "ArnNotEquals") -> dict[str, Any]:
    conditions: dict[str, Any] = {operator: {PRINCIPAL: arn}}
    return deny(**conditions)


@pytest.mark.parametrize(
    ("arn", "spared"),
    [
        ({"Fn::GetAtt": ["Role", "Arn"]}, 1),
        ({"Fn::If": ["Prod", called("Other"), {"Fn::GetAtt": ["Role", "Arn"]}]}, 1),
        ([called("Other"), called("team/Reader")], 1),
        (called("Reader"), 1),  # a path that is forgotten is no reason to be sure
        ("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/team/Reader", 1),
        (called("team/*"), 1),
        (called("*Reader"), 1),
        (called("team/Read??"), 1),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/team/${Name}"}, 1),
        ({"Fn::Join": ["", [called("team/"), {"Fn::If": ["Prod", "Reader", {"Ref": "Other"}]}]]}, 1),
        ({"Ref": "Parameter"}, 1),
        ({"Fn::GetAtt": ["Custom", "RoleArn"]}, 1),
        ({"Fn::GetAtt": ["Other", "Arn"]}, 0),
        (called("Other"), 0),
        (called("team/Reader", kind="user"), 0),
        (called("team/Reader", account="444455556666"), 0),
        (called("other/*"), 0),
        (called("*Writer"), 0),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/cdk-exec-${AWS::AccountId}-${AWS::Region}"}, 0),
    ],
)
@pytest.mark.parametrize("stack", [HERE, ANYWHERE], ids=["here", "anywhere"])
def test_a_role_with_a_name_is_spared_wherever_a_name_may_be_its_own(
    arn: Any, spared: int, stack: DeployedStack
) -> None:
    others = {"Custom": {"Type": "Custom::Role"}, "Other": {"Type": "AWS::IAM::Role"}, "Policy": policy()}
    unknown_account = stack is ANYWHERE and "444455556666" in str(arn)

    found = denied(spares(arn, "ArnNotLike"), role=NAMED, stack=stack, **others)

    assert (found == []) is bool(spared or unknown_account)


@pytest.mark.parametrize(
    ("arn", "spared"),
    [
        (called("S-Role-*"), 1),
        (called("S-Role-ABCDEFGHIJKL"), 1),
        (called("*-Role-*"), 1),
        (called("S-Other-*"), 0),
        (called("S-Role"), 0),
        (called("Reader"), 0),
        (called("*Reader"), 0),
    ],
)
def test_a_role_without_a_name_is_known_by_the_one_that_cloudformation_draws(arn: str, spared: int) -> None:
    assert (denied(spares(arn, "ArnNotLike")) == []) is bool(spared)


@pytest.mark.parametrize(
    ("arn", "spared"),
    [
        (called("Reader"), 1),
        (called("team/Reader"), 1),
        (called("team/*"), 1),
        (called("*Read*"), 1),
        ({"Fn::GetAtt": ["Named", "Arn"]}, 1),
        ({"Fn::GetAtt": ["Role", "Arn"]}, 0),
        (called("Other"), 0),
        (called("team*Writer"), 0),
        (called("Reader", kind="user"), 0),
    ],
)
def test_an_imported_role_has_a_name_and_an_unknown_path(arn: Any, spared: int) -> None:
    named = {"Named": {"Type": "AWS::IAM::Role", "Properties": NAMED}}
    held = policy(holder={"Roles": ["Reader"]})

    assert (denied(spares(arn, "ArnNotLike"), Policy=held, **named) == []) is bool(spared)


def test_a_user_is_known_by_his_name() -> None:
    user = {"Type": "AWS::IAM::User", "Properties": {"UserName": "anna"}}
    held = policy(holder={"Users": [{"Ref": "User"}]})

    assert denied(spares(called("anna", kind="user")), User=user, Policy=held) == []
    assert denied(spares({"Fn::GetAtt": ["User", "Arn"]}), User=user, Policy=held) == []
    assert len(denied(spares(called("anna")), User=user, Policy=held)) == 1
    assert len(denied(spares({"Fn::GetAtt": ["Role", "Arn"]}), User=user, Policy=held)) == 1


def test_a_role_imported_by_a_token_may_be_anybody() -> None:
    held = policy(holder={"Roles": [{"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::ImportValue": "role"}]}]}]})

    assert denied(spares(called("Reader")), Policy=held) == []
    assert len(denied(deny(), Policy=held)) == 1


@pytest.mark.parametrize(("name", "found"), [("Reader", 0), ("Other", 1)])
def test_a_role_of_another_stack_is_named_by_its_name(name: str, found: int) -> None:
    mine = {"Secret": {"Type": "AWS::SecretsManager::Secret"}, "SecretPolicy": resource_policy(spares(called(name)))}
    exported = {"Outputs": {"Out": {"Value": {"Ref": "Secret"}, "Export": {"Name": "S:Secret"}}}}
    reads = policy(resource={"Fn::ImportValue": "S:Secret"})
    theirs = {"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Reader"}}, "Policy": reads}
    by_path = {"S": {"Resources": mine, **exported}, "W": {"Resources": theirs}}

    assert len(denied_secrets(CloudTemplates(by_path, {"S": HERE, "W": HERE}))) == found
