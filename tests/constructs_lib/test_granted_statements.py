"""Where grants may be made only for AWS resources, and what counts as saying so already."""

from typing import Any

import pytest

from constructs_lib.granted_statements import FOR_AWS_RESOURCES, for_people, limits_grants, merge
from constructs_lib.principals import Permission, Person, Principal, merge_conditions

ACCOUNT = "arn:aws:iam::111122223333"
READER, WRITER = (Principal.by_arn(f"{ACCOUNT}:role/{name}") for name in ("Reader", "Writer"))
FAR = Principal.by_name(f"{ACCOUNT}:role/far/Reader")
TENANT = {"StringEquals": {"kms:EncryptionContext:tenant": ("blue",)}}


@pytest.mark.parametrize(
    "conditions",
    [
        {"Bool": {"kms:GrantIsForAWSResource": ("true",)}},
        {"Bool": {"KMS:grantisforawsresource": ("true",)}},
        {"StringEquals": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/Reader",)}},
        {"ArnLike": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/team/*",)}},
        {"StringLike": {"kms:GranteeServicePrincipal": ("rds.amazonaws.com",)}},
        {"ForAllValues:StringEquals": {"kms:GrantOperations": ("Decrypt",)}},
    ],
)
def test_grants_are_limited_by_what_conditions_demand(conditions: Any) -> None:
    assert limits_grants(conditions)
    (statement,) = merge([Permission(READER, ("kms:CreateGrant", "kms:Decrypt"), conditions)])
    assert statement.actions == ("kms:CreateGrant", "kms:Decrypt")
    assert statement.conditions == conditions


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"StringEquals": {"kms:ViaService": ("rds.eu-west-1.amazonaws.com",)}},
        {"Bool": {"kms:GrantIsForAWSResource": ("false",)}},
        {"BoolIfExists": {"kms:GrantIsForAWSResource": ("true",)}},
        {"Null": {"kms:GranteePrincipal": ("false",)}},
        {"StringNotEquals": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/Reader",)}},
        {"ArnLike": {"kms:GranteePrincipal": ("*",)}},
        {"StringEqualsIfExists": {"kms:GranteeServicePrincipal": ("rds.amazonaws.com",)}},
    ],
)
def test_grants_are_not_limited_by_what_conditions_except_or_leave_open(conditions: Any) -> None:
    assert not limits_grants(conditions)


@pytest.mark.parametrize(
    "conditions", [{}, TENANT, {"BoolIfExists": {"kms:GrantIsForAWSResource": ("true",)}}], ids=["none", "tenant", "if"]
)
def test_grants_that_nothing_limits_are_for_aws_resources_in_a_statement_of_their_own(conditions: Any) -> None:
    grants, rest = merge([Permission(READER, ("kms:CreateGrant", "kms:Decrypt"), conditions)])

    assert (grants.actions, rest.actions) == (("kms:CreateGrant",), ("kms:Decrypt",))
    assert grants.conditions == merge_conditions(conditions, FOR_AWS_RESOURCES)
    assert rest.conditions == conditions


def test_people_without_conditions_share_a_statement_and_the_others_have_their_own() -> None:
    people = [Person(WRITER), Person(READER, TENANT), Person(READER), Person(FAR)]

    found = {each.sid: (each.principals, each.conditions) for each in for_people("Decrypters", people, ["kms:Decrypt"])}

    assert found == {
        "Decrypters": ({"AWS": (READER.value, WRITER.value)}, {}),
        "DecryptersByName": ({"AWS": (FAR.value,)}, {"ArnEquals": {"aws:PrincipalArn": (FAR.named,)}}),
        "Decryptersd6bc10": ({"AWS": (READER.value,)}, TENANT),
    }


def test_the_order_of_people_changes_nothing() -> None:
    people = [Person(WRITER), Person(READER, TENANT), Person(FAR, TENANT), Person(READER)]

    assert for_people("Signers", people, ["kms:Sign"]) == for_people("Signers", people[::-1], ["kms:Sign"])


def test_nobody_is_no_statement() -> None:
    assert for_people("Signers", [], ["kms:Sign"]) == []
    assert merge([]) == []
