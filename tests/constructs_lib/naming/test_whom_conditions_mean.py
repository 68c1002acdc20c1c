from typing import Any

import pytest

from constructs_lib.naming.whom_conditions_mean import people_meant
from constructs_lib.principals import Person, Principal
from constructs_lib.statements import Statement
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, KmsKey

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
        arns("arn:aws:iam::111122223333:role/*"),
        arns("arn:aws:iam::111122223333:role/team/*"),
        arns("arn:aws:iam::111122223333:role/?*"),
        arns("arn:aws:iam::111122223333:user/????????"),
        arns(READER, "arn:aws:iam::111122223333:role/**"),
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
    "principal", [Principal.by_arn(READER), Principal("Service", "sns.amazonaws.com"), named(WRITER)]
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


NOT_OWN = {"kms:CallerAccount": ("111122223333",)}
OTHERS = "444455556666"
THEIRS = READER.replace("111122223333", OTHERS)


def equals(*values: str, name: str = "kms:CallerAccount", operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {name: values}}


@pytest.mark.parametrize(
    "conditions",
    [
        equals("111122223333"),
        equals("111122223333", name="aws:PrincipalAccount"),
        equals("111122223333", name="AWS:principalaccount"),
        {"StringEquals": {"aws:PrincipalOrgID": ("o-a1b2c3d4e5",), "kms:calleraccount": ("111122223333",)}},
        {**ORGANIZATION, **arns(READER, operator="StringEquals")},
    ],
)
def test_everybody_of_the_own_account_is_that_account(conditions: Any) -> None:
    assert meant(EVERYBODY, conditions) == [Person(ACCOUNT, conditions)]


def test_everybody_of_a_name_in_the_own_account_is_that_role_by_name() -> None:
    assert meant(EVERYBODY, arns(READER, operator="ArnEquals")) == [Person(named(READER))]


@pytest.mark.parametrize(
    "conditions",
    [
        equals("111122223333", OTHERS),
        equals("${AWS::AccountId}"),
        equals(OTHERS, operator="StringEqualsIfExists"),
        equals(OTHERS, operator="StringLike"),
        equals(OTHERS, operator="ForAllValues:StringEquals"),
        {**ORGANIZATION, **equals("999999999999", name="aws:PrincipalAccount", operator="StringNotEqualsIfExists")},
        {**ORGANIZATION, "StringNotEqualsIfExists": NOT_OWN},
        arns(READER, THEIRS, operator="ArnEquals"),
        arns(THEIRS.replace(OTHERS, "*")),
        arns(THEIRS.replace(OTHERS, "11112222????")),
        arns("${S/Role/Resource.Arn}", operator="ArnEquals"),
        {**arns("444455556666", operator="ArnEquals", name="aws:PrincipalAccount"), **ORGANIZATION},
    ],
)
def test_whoever_may_be_of_the_own_account_is_named_apart(conditions: Any) -> None:
    elsewhere, here = meant(EVERYBODY, conditions)

    assert elsewhere == Person(EVERYBODY, {**conditions, "StringNotEquals": NOT_OWN})
    assert here == Person(ACCOUNT, conditions)


@pytest.mark.parametrize("name", ["kms:CallerAccount", "KMS:calleraccount"])
def test_the_own_account_is_one_more_that_is_excepted(name: str) -> None:
    conditions = {**ORGANIZATION, **equals("999999999999", name=name, operator="StringNotEquals")}
    elsewhere, here = meant(EVERYBODY, conditions)

    assert elsewhere.conditions["StringNotEquals"] == {name: ("111122223333", "999999999999")}
    assert here == Person(ACCOUNT, conditions)


def test_an_organization_without_some_account_is_not_the_own_account_without_iam() -> None:
    conditions = {**ORGANIZATION, **equals("999999999999", name="aws:PrincipalAccount", operator="StringNotEquals")}
    elsewhere, here = meant(EVERYBODY, conditions)

    excepted = {"aws:PrincipalAccount": ("999999999999",), **NOT_OWN}
    assert elsewhere == Person(EVERYBODY, {**conditions, "StringNotEquals": excepted})
    assert here == Person(ACCOUNT, conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        equals(OTHERS),
        equals(OTHERS, "555566667777", name="AWS:PrincipalAccount"),
        {**ORGANIZATION, **equals("111122223333", operator="StringNotEquals")},
        {
            **ORGANIZATION,
            **equals("111122223333", "444455556666", name="aws:PrincipalAccount", operator="StringNotEquals"),
        },
        arns(THEIRS, operator="ArnEquals"),
        arns(THEIRS, operator="StringEquals"),
    ],
)
def test_everybody_of_other_accounts_stays_who_he_is(conditions: Any) -> None:
    assert meant(EVERYBODY, conditions) == [Person(EVERYBODY, conditions)]


def test_an_account_that_only_the_deployment_knows_may_be_any() -> None:
    own = "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"

    def found(conditions: Any) -> list[Person]:
        return list(people_meant([EVERYBODY], conditions, account=own))

    elsewhere, here = found(equals(OTHERS))
    assert elsewhere.conditions == {**equals(OTHERS), "StringNotEquals": {"kms:CallerAccount": ("${AWS::AccountId}",)}}
    assert here.principal == Principal("AWS", own)
    assert found(equals("${AWS::AccountId}")) == [Person(Principal("AWS", own), equals("${AWS::AccountId}"))]


@pytest.mark.parametrize(
    "conditions",
    [
        equals("111122223333"),
        equals("111122223333", OTHERS, name="aws:PrincipalAccount"),
        {**ORGANIZATION, **equals("999999999999", name="aws:PrincipalAccount", operator="StringNotEquals")},
        ORGANIZATION,
        arns(READER, THEIRS, operator="ArnEquals"),
    ],
)
def test_whoever_is_of_the_own_account_needs_an_iam_policy(conditions: Any) -> None:
    statements = [
        statement
        for number, person in enumerate(meant(EVERYBODY, conditions))
        for statement in Statement.for_callers(f"S{number}", [person.principal], ["kms:Decrypt"], person.conditions)
    ]
    key = KmsKey("arn:aws:kms:eu-west-1:111122223333:key/1", {"Statement": [each.render() for each in statements]})
    request = {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalAccount": "111122223333"}

    assert not key.allows(Caller(READER), "kms:Decrypt", request)
    assert key.allows(Caller(READER, (ALLOW_EVERYTHING,)), "kms:Decrypt", request)
