"""Which records may be created, as an IAM engine not our own decides."""

from typing import Any

import pytest
from ministack.core import iam_evaluator as engine

from constructs_lib.certificate_actions import RECORD_ACTIONS, RECORD_NAMES, RECORD_TYPES
from constructs_lib.certificates.record_permissions import record_statements

ZONE = "arn:aws:route53:::hostedzone/Z1"
HEX = "393a83031f51d460c6a0db6d9722252f"
# The first is within the second, the last within none.
NAMES = ["shop.example.com", "example.com", "a.b.shop.example.com", "example.net"]
LOOK, *CREATE = (each.to_statement_json() for each in record_statements(ZONE, NAMES, number=2))


def may(*names: str, kind: str = "CNAME", action: str = "CREATE", said: bool = True) -> bool:
    context = {RECORD_NAMES.lower(): list(names), RECORD_TYPES.lower(): [kind], RECORD_ACTIONS.lower(): [action]}
    asked = engine.EvalContext(
        principal_arn="arn:aws:sts::111122223333:assumed-role/function/session",
        principal_type="AssumedRole",
        principal_account="111122223333",
        action="route53:ChangeResourceRecordSets",
        resource_arn=ZONE,
        region="us-east-1",
        secure_transport=True,
        service_context=context if said else {},
    )
    policy = engine.parse_policy_document({"Version": "2012-10-17", "Statement": CREATE})
    return bool(engine.evaluate(asked, [policy]).decision == "Allow")


@pytest.mark.parametrize("name", NAMES)
def test_the_record_of_each_name_may_be_created_also_where_one_name_is_within_another(name: str) -> None:
    assert may(f"_{HEX}.{name}")


@pytest.mark.parametrize(
    "name",
    [
        f"_{HEX}.other.example.com",
        f"_{HEX}.www.shop.example.com",
        f"_{HEX}.b.shop.example.com",
        f"_{HEX}.example.com.attacker.net",
        f"_{HEX}0.example.com",
        f"{HEX}0.example.com",
        "_acme-challenge.shop.example.com",
        f"_acme-challenge.{HEX[:17]}.shop.example.com",
        f"_acme-challenge.{HEX[:17]}.example.com",
        "_acme-challenge.shop-of-12345678.example.net",
        f"_x._domainkey.{HEX[:19]}.shop.example.com",
        f"_{HEX[:30]}..example.com",
        f"_.{HEX[:31]}.example.com",
        "_dmarc.example.com",
        "www.example.com",
        "example.com",
    ],
)
def test_no_record_of_another_name_or_form_may_be_created(name: str) -> None:
    assert not may(name)


def test_neither_another_kind_of_record_nor_another_change_is_allowed() -> None:
    right = f"_{HEX}.shop.example.com"
    assert not may(right, kind="TXT")
    assert not may(right, action="UPSERT")
    assert not may(right, action="DELETE")
    assert not may(right, f"_acme-challenge.{HEX[:17]}.shop.example.com")


def test_a_change_that_says_none_of_these_is_not_allowed_for_want_of_values() -> None:
    assert not may(said=False)
    for stated in CREATE:
        lists = {key for operator, each in stated["Condition"].items() if operator.startswith("ForAll") for key in each}
        assert set(stated["Condition"]["Null"]) == lists
        assert set(stated["Condition"]["Null"].values()) == {"false"}


def test_names_that_are_not_within_each_other_share_a_statement() -> None:
    def named(stated: dict[str, Any]) -> set[str]:
        return {each.partition(".")[2] for each in stated["Condition"]["ForAllValues:StringLike"][RECORD_NAMES]}

    assert [named(each) for each in CREATE] == [
        {"example.com", "example.net"},
        {"shop.example.com"},
        {"a.b.shop.example.com"},
    ]


def test_statements_have_different_names_also_about_several_zones() -> None:
    assert LOOK["Sid"] == "LookAtRecords2"
    assert [each["Sid"] for each in CREATE] == ["CreateRecords2", "CreateRecords2Below1", "CreateRecords2Below2"]
