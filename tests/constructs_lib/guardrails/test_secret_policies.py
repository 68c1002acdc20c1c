"""Policies of secrets written by hand: what they deny for certain."""

from typing import Any

import pytest

from tests.support.denied_by_secret import PRINCIPAL, READ, called, denied, deny, holders, policy, resource_policy

OTHER = called("Other")


@pytest.mark.parametrize(
    "statement",
    [
        deny(),
        deny("secretsmanager:*"),
        deny(ArnNotEquals={PRINCIPAL: OTHER}),
        deny(ArnNotLike={"aws:principalarn": [OTHER, called("Some*")]}),
        deny(ArnNotEquals={PRINCIPAL: OTHER}, ArnNotLike={PRINCIPAL: called("Some*")}),
        deny(ArnNotEqualsIfExists={PRINCIPAL: OTHER}),
        {**deny(), "Principal": {"AWS": "*"}},
    ],
)
def test_everybody_who_is_not_spared_is_denied(statement: dict[str, Any]) -> None:
    assert holders(denied(statement)) == ["Role"]


@pytest.mark.parametrize(
    "statement",
    [
        deny("secretsmanager:DeleteSecret"),
        deny(ArnEquals={PRINCIPAL: OTHER}),
        deny(ArnNotEquals={PRINCIPAL: OTHER}, StringNotEquals={"aws:PrincipalAccount": "444455556666"}),
        deny(StringNotEquals={"aws:CalledViaLast": "cloudformation.amazonaws.com"}),
        deny(Null={PRINCIPAL: "true"}),
        {**deny(), "Principal": {"AWS": OTHER}},
        {**deny(), "Effect": "Allow"},
        {**deny(), "Resource": "arn:aws:secretsmanager:::secret:Other"},
        {"Fn::If": ["Strict", deny(), {"Ref": "AWS::NoValue"}]},
    ],
    ids=["deletion", "somebody", "outsiders", "through", "absent", "principal", "allow", "resource", "perhaps"],
)
def test_what_may_not_hold_denies_nothing_for_certain(statement: dict[str, Any]) -> None:
    assert denied(deny(PRINCIPAL), statement) == []


def test_what_one_statement_spares_another_may_deny() -> None:
    reader = {"Fn::GetAtt": ["Role", "Arn"]}
    through = {"StringNotEquals": {"aws:CalledViaLast": "cloudformation.amazonaws.com"}}
    spared = deny(ArnNotEquals={PRINCIPAL: [reader, OTHER]})

    assert denied(spared, deny(sid="DenyDeployersReading", ArnEquals={PRINCIPAL: OTHER}, **through)) == []
    assert holders(denied(spared, deny(sid="Further", ArnNotEquals={PRINCIPAL: OTHER}))) == ["Role"]


def test_a_policy_that_may_not_be_deployed_denies_nothing() -> None:
    assert denied(SecretPolicy=resource_policy(deny(), Condition="Prod"), Policy=policy()) == []
    unread = resource_policy(deny())
    unread["Properties"]["ResourcePolicy"] = {"Fn::Transform": {"Name": "Some"}}
    assert denied(SecretPolicy=unread, Policy=policy()) == []


def test_a_policy_may_name_the_secret_by_its_attachment() -> None:
    attachment = {
        "Type": "AWS::SecretsManager::SecretTargetAttachment",
        "Properties": {"SecretId": {"Ref": "Secret"}},
    }
    attached = resource_policy(deny(), secret={"Ref": "Attached"})

    assert holders(denied(SecretPolicy=attached, Attached=attachment, Policy=policy(READ))) == ["Role"]
