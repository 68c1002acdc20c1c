from typing import Any

import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.cdk_statement import CdkStatement
from constructs_lib.errors import ConfigurationError

READER = iam.ArnPrincipal("arn:aws:iam::111122223333:role/Reader")


def statement(**changed: Any) -> iam.PolicyStatement:
    return iam.PolicyStatement(**{"actions": ["kms:Decrypt"], "principals": [READER], "resources": ["*"], **changed})


def test_one_value_or_several_are_read_alike() -> None:
    one, two = CdkStatement.read(statement()), CdkStatement.read(statement(actions=["kms:Decrypt", "kms:Encrypt"]))

    assert one == CdkStatement("Allow", {"AWS": "arn:aws:iam::111122223333:role/Reader"}, ["kms:Decrypt"], {})
    assert list(two.actions) == ["kms:Decrypt", "kms:Encrypt"]


@pytest.mark.parametrize("everybody", [iam.StarPrincipal(), iam.AnyPrincipal()])
def test_everybody_is_one_aws_principal(everybody: iam.IPrincipal) -> None:
    assert CdkStatement.read(statement(principals=[everybody])).principals == {"AWS": "*"}


@pytest.mark.parametrize("everything", ["*", "KMS:*", "Kms:**", "kms:*"])
def test_everything_is_read_alike_however_it_is_written(everything: str) -> None:
    assert list(CdkStatement.read(statement(actions=["kms:Decrypt", everything])).actions) == ["kms:Decrypt", "kms:*"]


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:Get*", "s3:*"])
def test_less_than_everything_stays_as_it_is(action: str) -> None:
    assert list(CdkStatement.read(statement(actions=[action])).actions) == [action]


def test_effect_and_conditions_are_kept() -> None:
    conditions = {"StringEquals": {"kms:CallerAccount": "111122223333"}}
    read = CdkStatement.read(statement(effect=iam.Effect.DENY, conditions=conditions))

    assert (read.effect, read.conditions) == ("Deny", conditions)


@pytest.mark.parametrize(
    ("refused", "got"),
    [
        ({"actions": None, "not_actions": ["kms:Decrypt"]}, "Effect, NotAction, Principal, Resource"),
        ({"principals": None, "not_principals": [READER]}, "Action, Effect, NotPrincipal, Resource"),
        ({"principals": None}, "Action, Effect, Resource"),
        ({"actions": None}, "Effect, Principal, Resource"),
    ],
)
def test_refuses_a_statement_that_means_others_than_it_says(refused: dict[str, Any], got: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        CdkStatement.read(statement(**refused))
    assert str(raised.value) == (
        f"statement must have Principal and Action and neither NotPrincipal nor NotAction, got {got}"
    )
