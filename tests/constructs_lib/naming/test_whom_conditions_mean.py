from typing import Any

import pytest

from constructs_lib.naming.whom_conditions_mean import people_meant
from constructs_lib.principals import Person, Principal

OWN = "arn:aws:iam::111122223333:root"
READER, WRITER = (f"arn:aws:iam::111122223333:role/{name}" for name in ("Reader", "Writer"))
SET = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Readers_????????????????"
ACCOUNT = Principal("AWS", OWN)
EVERYBODY = Principal("AWS", "*")
VIA = {"StringEquals": {"kms:ViaService": ("s3.eu-west-1.amazonaws.com",)}}
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": ("o-a1b2c3d4e5",)}}
UNIT = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*",)}}


def meant(principal: Principal, conditions: Any) -> list[Person]:
    return list(people_meant([principal], conditions, account=OWN))


def arns(*values: str, operator: str = "ArnLike", name: str = "aws:PrincipalArn") -> dict[str, Any]:
    return {operator: {name: values}}


def named(arn: str, account: str = OWN) -> Principal:
    return Principal("AWS", account, arn)


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike"])
@pytest.mark.parametrize("name", ["aws:PrincipalArn", "AWS:principalarn"])
def test_an_account_of_which_some_arns_are_admitted_is_these_by_name(operator: str, name: str) -> None:
    found = meant(ACCOUNT, arns(READER, SET, operator=operator, name=name))

    assert found == [Person(named(READER)), Person(named(SET))]


def test_what_else_must_hold_still_must() -> None:
    assert meant(ACCOUNT, {**arns(READER), **VIA}) == [Person(named(READER), VIA)]
    assert meant(ACCOUNT, {"ArnLike": {"aws:PrincipalArn": (READER,), "aws:SourceArn": ("arn:x",)}}) == [
        Person(named(READER), {"ArnLike": {"aws:SourceArn": ("arn:x",)}})
    ]


def test_another_account_is_named_by_name_as_well() -> None:
    theirs = READER.replace("111122223333", "444455556666")
    account = "arn:aws:iam::444455556666:root"

    assert meant(Principal("AWS", account), arns(theirs)) == [Person(named(theirs, account))]


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        VIA,
        arns(READER.replace("111122223333", "444455556666")),
        arns(READER, READER.replace("111122223333", "444455556666")),
        arns(READER.replace("111122223333", "*")),
        arns(READER.replace("111122223333", "11112222333?")),
        arns(READER.replace(":aws:", ":aws-cn:")),
        arns(READER.replace(":aws:", ":*:")),
        arns(READER.replace(":iam:", ":*:")),
        arns("*"),
        arns("arn:aws:iam::111122223333:*"),
        arns("arn:aws:iam::111122223333:ro*"),
        arns("arn:aws:iam::111122223333:role/${aws:PrincipalTag/team}"),
        arns("arn:aws:iam::111122223333:user/${aws:username}"),
        arns("${S/Role/Resource.Arn}"),
        arns(READER, operator="StringLike"),
        arns(READER, operator="ArnNotLike"),
        arns(READER, operator="ArnLikeIfExists"),
        {**arns(READER), **arns(WRITER, operator="ArnEquals")},
    ],
)
def test_anything_else_stays_an_account_under_conditions(conditions: Any) -> None:
    assert meant(ACCOUNT, conditions) == [Person(ACCOUNT, conditions)]


@pytest.mark.parametrize(
    "principal", [Principal.by_arn(READER), Principal("Service", "sns.amazonaws.com"), EVERYBODY, named(WRITER)]
)
def test_only_an_account_is_named_by_its_conditions(principal: Principal) -> None:
    assert meant(principal, arns(READER)) == [Person(principal, arns(READER))]


@pytest.mark.parametrize("conditions", [ORGANIZATION, UNIT, {**ORGANIZATION, **UNIT}, {**UNIT, **VIA}])
def test_an_organization_is_everybody_in_other_accounts_and_the_own_account_apart(conditions: Any) -> None:
    elsewhere, here = meant(EVERYBODY, conditions)

    assert elsewhere.principal == EVERYBODY
    assert elsewhere.conditions == {**conditions, "StringNotEquals": {"kms:CallerAccount": ("111122223333",)}}
    assert here == Person(ACCOUNT, conditions)


@pytest.mark.parametrize(
    "principal",
    [ACCOUNT, Principal.by_arn(READER), Principal("Service", "sns.amazonaws.com")],
    ids=lambda each: each.kind,
)
def test_somebody_in_an_organization_stays_who_he_is(principal: Principal) -> None:
    assert meant(principal, ORGANIZATION) == [Person(principal, ORGANIZATION)]


@pytest.mark.parametrize("name", ["kms:CallerAccount", "aws:PrincipalAccount"])
def test_everybody_of_one_account_stays_together(name: str) -> None:
    conditions = {"StringEquals": {"aws:PrincipalOrgID": ("o-a1b2c3d4e5",), name: ("111122223333",)}}

    assert meant(EVERYBODY, conditions) == [Person(EVERYBODY, conditions)]
