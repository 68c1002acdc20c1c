"""How a role's own policy names the key: by its ARN, or from far away by Region, account and alias."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError, EncryptionKey
from tests.support.synthesised import granted, iam_statements, template_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
OREGON = cdk.Environment(account="111122223333", region="us-west-2")
ABROAD = cdk.Environment(account="444455556666", region="eu-west-1")
AWAY = {
    "region": lambda app: cdk.Stack(app, "W", env=OREGON),
    "account": lambda app: cdk.Stack(app, "W", env=ABROAD),
    "stage": lambda app: cdk.Stack(cdk.Stage(app, "Prod"), "W", env=IRELAND),
    "nested-abroad": lambda app: cdk.NestedStack(cdk.Stack(app, "W", env=ABROAD), "N"),
}
REFUSED = (
    "[S/Key] alias must be set to grant the key to {} in another account, Region or Stage: "
    "without it nothing but * could name the key in that role's policy"
)

away = pytest.mark.parametrize("stack_away", AWAY.values(), ids=AWAY)
MakeStack = Callable[[cdk.App], cdk.Stack]


def role(scope: cdk.Stack) -> iam.Role:
    return iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal(), role_name="Reader")


def key_in(app: cdk.App, **options: Any) -> tuple[cdk.Stack, EncryptionKey]:
    stack = cdk.Stack(app, "S", env=IRELAND)
    return stack, EncryptionKey(stack, "Key", **options)


@away
def test_a_role_far_away_is_bound_to_the_key_by_its_alias(stack_away: MakeStack, make_app: MakeApp) -> None:
    app = make_app()
    stack, key = key_in(app, alias="orders")
    other = stack_away(app)
    key.grant_decrypt(role(other))

    assert iam_statements(template_of(other)) == [
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*",
            "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}},
        }
    ]
    account = other.account
    assert granted(template_of(stack)) == {
        "GrantedDecryptByName": {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "kms:Decrypt",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{account}:role/Reader"}},
        }
    }


@away
def test_a_person_far_away_is_allowed_in_iam_too(stack_away: MakeStack, make_app: MakeApp) -> None:
    app = make_app()
    other = stack_away(app)
    key_in(app, alias="orders", decrypters=[role(other)])

    (in_iam,) = iam_statements(template_of(other))
    assert (in_iam["Action"], in_iam["Resource"]) == ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/*")


@away
def test_refuses_a_role_far_away_without_an_alias_and_writes_nothing(stack_away: MakeStack, make_app: MakeApp) -> None:
    app = make_app()
    stack, key = key_in(app)
    other = stack_away(app)
    before = key.checked_policy()

    with pytest.raises(ConfigurationError) as refused:
        key.grant_decrypt(role(other))
    assert str(refused.value) == REFUSED.format(f"{other.node.path}/Role/Resource")
    assert key.checked_policy() == before
    assert granted(template_of(stack)) == {}
    assert iam_statements(template_of(other)) == []


@away
def test_refuses_a_person_far_away_without_an_alias(stack_away: MakeStack, make_app: MakeApp) -> None:
    app = make_app()
    other = stack_away(app)

    with pytest.raises(ConfigurationError, match="alias must be set to grant the key to"):
        key_in(app, decrypters=[role(other)])


def test_a_role_far_away_behind_a_service_is_allowed_under_both_conditions(make_app: MakeApp) -> None:
    app = make_app()
    _, key = key_in(app, alias="orders")
    other = cdk.Stack(app, "W", env=ABROAD)
    key.grant_decrypt(kms.ViaServicePrincipal("s3.eu-west-1.amazonaws.com", role(other)))

    (in_iam,) = iam_statements(template_of(other))
    assert in_iam["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"},
    }


@pytest.mark.parametrize("flag", [True, False], ids=["weak", "strong"])
def test_a_role_of_the_same_environment_names_the_key_by_its_arn(flag: bool, make_app: MakeApp) -> None:  # noqa: FBT001
    app = make_app(**{"@aws-cdk/core:defaultCrossStackReferences": "weak" if flag else "strong"})
    _, key = key_in(app)
    other = cdk.Stack(app, "W", env=IRELAND)
    key.grant_decrypt(role(other))

    (in_iam,) = iam_statements(template_of(other))
    (function,) = in_iam["Resource"]
    assert function in {"Fn::GetStackOutput", "Fn::ImportValue"}


PERSON_ACTIONS = {
    "encrypters": ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
    "decrypters": "kms:Decrypt",
}


@pytest.mark.parametrize("argument", PERSON_ACTIONS)
def test_a_person_of_another_stack_is_allowed_in_iam_what_the_key_policy_says(argument: str, make_app: MakeApp) -> None:
    app = make_app()
    other = cdk.Stack(app, "W", env=IRELAND)
    key_in(app, **{argument: [role(other)]})

    (in_iam,) = iam_statements(template_of(other))
    assert in_iam["Action"] == PERSON_ACTIONS[argument]


def test_a_person_of_the_keys_stack_needs_no_iam_side(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "S", env=IRELAND)
    EncryptionKey(stack, "Key", decrypters=[role(stack)])

    assert iam_statements(template_of(stack)) == []


def test_a_deployer_of_another_stack_makes_grants_for_aws_resources_only(make_app: MakeApp) -> None:
    app = make_app()
    other = cdk.Stack(app, "W", env=IRELAND)
    key_in(app, deployers=[role(other)])

    by_action = {str(each["Action"]): each.get("Condition") for each in iam_statements(template_of(other))}
    assert by_action["kms:CreateGrant"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert len(by_action) == 2


@pytest.mark.parametrize("stack_name", ["S", "W"])
def test_a_caller_under_conditions_is_allowed_in_iam_under_them_and_no_more(stack_name: str, make_app: MakeApp) -> None:
    app = make_app()
    stack, key = key_in(app, alias="orders")
    home = stack if stack_name == "S" else cdk.Stack(app, "W", env=IRELAND)
    blue = {"StringEquals": {"kms:EncryptionContext:tenant": "blue"}}
    key.grant_decrypt(iam.PrincipalWithConditions(role(home), blue))

    (in_iam,) = iam_statements(template_of(home))
    assert (in_iam["Action"], in_iam["Condition"]) == ("kms:Decrypt", blue)


def test_the_conditions_of_a_caller_far_away_stand_beside_the_alias(make_app: MakeApp) -> None:
    app = make_app()
    _, key = key_in(app, alias="orders")
    away = cdk.Stack(app, "W", env=OREGON)
    teams = {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}
    key.grant_decrypt(iam.PrincipalWithConditions(role(away), teams))

    (in_iam,) = iam_statements(template_of(away))
    assert in_iam["Condition"] == {
        "ForAnyValue:StringEquals": {"aws:TagKeys": "team", "kms:ResourceAliases": "alias/orders"}
    }
