"""Where grants may be made only for AWS resources, and what counts as saying so already."""

from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import FOR_AWS_RESOURCES, for_people, limits_grants, merge
from constructs_lib.principals import Permission, Person, Principal, merge_conditions
from tests.support.policy_judge import Caller, KmsKey

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ACCOUNT = "arn:aws:iam::111122223333"
READER, WRITER = (Principal.by_arn(f"{ACCOUNT}:role/{name}") for name in ("Reader", "Writer"))
FARGATE = Principal("Service", "fargate.amazonaws.com")
FAR = Principal.by_name(f"{ACCOUNT}:role/far/Reader")
TENANT = {"StringEquals": {"kms:EncryptionContext:tenant": ("blue",)}}


@pytest.mark.parametrize(
    "conditions",
    [
        {"Bool": {"kms:GrantIsForAWSResource": ("true",)}},
        {"Bool": {"KMS:grantisforawsresource": ("True",)}},
        {"StringEquals": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/Reader", f"{ACCOUNT}:role/Writer")}},
        {"StringEquals": {"kms:GranteePrincipal": ("${S/Role/Resource.Arn}",)}},
        {"ArnEquals": {"KMS:granteeprincipal": (f"{ACCOUNT}:role/Reader",)}},
        {"StringEquals": {"kms:GranteeServicePrincipal": ("rds.amazonaws.com",)}},
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
        {"Bool": {"kms:GrantIsForAWSResource": ("False",)}},
        {"Bool": {"kms:GrantIsForAWSResource": ("true", "false")}},
        {"BoolIfExists": {"kms:GrantIsForAWSResource": ("true",)}},
        {"Null": {"kms:GranteePrincipal": ("false",)}},
        {"StringNotEquals": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/Reader",)}},
        {"ArnLike": {"kms:GranteePrincipal": ("*",)}},
        {"ArnLike": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/Reader",)}},
        {"StringLike": {"kms:GranteePrincipal": ("arn:*",)}},
        {"StringLike": {"kms:GranteePrincipal": ("**",)}},
        {"ArnEquals": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/*",)}},
        {"StringEquals": {"kms:GranteePrincipal": ("${aws:PrincipalArn}",)}},
        {"ForAllValues:StringEquals": {"kms:GranteePrincipal": (f"{ACCOUNT}:role/Reader",)}},
        {"StringLike": {"kms:GranteeServicePrincipal": ("*.amazonaws.com",)}},
        {"StringEqualsIfExists": {"kms:GranteeServicePrincipal": ("rds.amazonaws.com",)}},
        {"ForAnyValue:StringEquals": {"kms:GrantOperations": ("DescribeKey",)}},
        {"ForAllValues:StringEquals": {"kms:GrantOperations": ("Decrypt",)}},
        {"StringEquals": {"kms:GrantOperations": ("Decrypt",)}},
    ],
)
def test_grants_are_not_limited_by_what_conditions_except_or_leave_open(conditions: Any) -> None:
    assert not limits_grants(conditions)


DECRYPTING = {"ForAllValues:StringEquals": {"kms:GrantOperations": ("Decrypt", "GenerateDataKey")}}


def test_a_service_is_limited_by_what_its_grants_may_hold() -> None:
    assert limits_grants(DECRYPTING, "Service")
    (statement,) = merge([Permission(FARGATE, ("kms:CreateGrant",), DECRYPTING)])
    assert statement.conditions == DECRYPTING


@pytest.mark.parametrize(
    "conditions",
    [
        {"ForAllValues:StringEquals": {"kms:GrantOperations": ("Decrypt", "CreateGrant")}},
        {"ForAllValues:StringEquals": {"kms:GrantOperations": ("Decrypt", "${aws:PrincipalType}")}},
        {"ForAllValues:StringLike": {"kms:GrantOperations": ("*",)}},
        {"ForAllValues:StringEqualsIfExists": {"kms:GrantOperations": ("Decrypt",)}},
        {"ForAnyValue:StringEquals": {"kms:GrantOperations": ("Decrypt",)}},
        {"StringEquals": {"kms:GrantOperations": ("Decrypt",)}},
    ],
)
def test_a_service_is_not_limited_where_its_grants_may_hold_more(conditions: Any) -> None:
    assert not limits_grants(conditions, "Service")
    (statement,) = merge([Permission(FARGATE, ("kms:CreateGrant",), conditions)])
    assert statement.conditions == merge_conditions(conditions, FOR_AWS_RESOURCES)


@pytest.mark.parametrize(
    "conditions",
    [
        {"ForAnyValue:StringEquals": {"kms:GrantOperations": ("DescribeKey",)}},
        {"ForAllValues:StringEquals": {"kms:GrantOperations": ("Decrypt", "CreateGrant")}},
        {"StringLike": {"kms:GranteePrincipal": ("arn:*",)}},
    ],
)
def test_nobody_makes_himself_a_grant_of_anything(conditions: Any) -> None:
    statements = merge([Permission(READER, ("kms:CreateGrant",), conditions)])
    key = KmsKey(KEY, {"Statement": [each.render() for each in statements]})
    asked = {"kms:GrantOperations": ["DescribeKey", "Decrypt"], "kms:GranteePrincipal": READER.value}
    asked_alike = {**asked, "kms:GrantOperations": ["Decrypt", "CreateGrant"]}

    for request in (asked, asked_alike):
        assert not key.allows(
            Caller(READER.value), "kms:CreateGrant", {**request, "kms:GrantIsForAWSResource": "false"}
        )


@pytest.mark.parametrize("name", ["kms:GrantIsForAWSResource", "kms:grantisforawsresource"])
def test_refuses_grants_for_what_is_no_aws_resource(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^conditions must demand one set of values of kms:GrantIsForAWSRes"):
        merge([Permission(READER, ("kms:CreateGrant",), {"Bool": {name: ("False",)}})])


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
