"""The argument for equivalent mutants: each rule joins what decides alike, and nothing beside it."""

from typing import Any

import pytest

from tests.support.policy_judge import Caller
from tests.support.policy_normal_form import needs_iam, normal_form

DECRYPT = "kms:Decrypt"
ACCOUNT = "arn:aws:iam::111122223333:root"
OTHER_ACCOUNT = "arn:aws:iam::444455556666:root"
READER = "arn:aws:iam::111122223333:role/Reader"
NAME = {"ArnEquals": {"aws:PrincipalArn": READER}}
VIA = {"StringLike": {"kms:ViaService": "*.eu-west-1.amazonaws.com"}}
VIA_LAMBDA = {"StringEquals": {"kms:ViaService": "lambda.eu-west-1.amazonaws.com"}}
VIA_ELSEWHERE = {"StringEquals": {"kms:ViaService": "lambda.us-east-1.amazonaws.com"}}


def allow(principal: Any, condition: Any = None, *, action: Any = DECRYPT, effect: str = "Allow") -> dict[str, Any]:
    named = principal if isinstance(principal, dict) or principal == "*" else {"AWS": principal}
    return {"Effect": effect, "Principal": named, "Action": action, "Condition": condition or {}}


def deny(principal: Any, condition: Any = None) -> dict[str, Any]:
    return allow(principal, condition, effect="Deny")


def form(*statements: dict[str, Any]) -> Any:
    return normal_form({"Statement": list(statements)}, DECRYPT)


def name(pattern: str, operator: str = "ArnEquals") -> dict[str, Any]:
    return {operator: {"aws:PrincipalArn": pattern}}


def member(
    unit: str, organization: str = "o-a1b2c3d4e5", *, operator: str = "ForAnyValue:StringLike"
) -> dict[str, Any]:
    return {operator: {"aws:PrincipalOrgPaths": unit}, "StringEquals": {"aws:PrincipalOrgID": organization}}


UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"
IN_UNIT = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": UNIT}}
IN_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
NOT_OURS = {"StringNotEquals": {"kms:CallerAccount": "111122223333"}}

THEIRS = name(READER.replace("111122223333", "444455556666") + "*", "ArnLike")

ANYBODYS = name(READER.replace("111122223333", "*"), "ArnLike")

ALIKE = {
    "said twice": ([allow(ACCOUNT), allow(ACCOUNT)], [allow(ACCOUNT)]),
    "said more narrowly too": ([allow(ACCOUNT), allow(ACCOUNT, NAME)], [allow(ACCOUNT)]),
    "a value that a pattern matches": ([allow(READER, VIA), allow(READER, VIA_LAMBDA)], [allow(READER, VIA)]),
    "everybody and somebody": ([allow("*"), allow(READER)], [allow("*")]),
    "another action": ([allow(READER), allow(ACCOUNT, action="kms:Encrypt")], [allow(READER)]),
    "ArnLike is ArnEquals": ([allow(ACCOUNT, NAME)], [allow(ACCOUNT, name(READER, "ArnLike"))]),
    "the principal is the account": (
        [allow(ACCOUNT, NAME)],
        [allow(ACCOUNT, name(READER.replace("1" * 4 + "2" * 4 + "3" * 4, "*")))],
    ),
    "a signed request has a principal": ([allow(ACCOUNT, NAME)], [allow(ACCOUNT, name(READER, "ArnEqualsIfExists"))]),
    "a name in another account": ([allow(ACCOUNT, NAME), allow(OTHER_ACCOUNT, NAME)], [allow(ACCOUNT, NAME)]),
    "somebody under another name": ([allow(ACCOUNT), allow(READER + "2", NAME)], [allow(ACCOUNT)]),
    "a Deny of what nothing allows": ([allow(READER), deny(ACCOUNT, name(READER + "2"))], [allow(READER)]),
    "a unit is in its organization": ([allow("*", member(UNIT))], [allow("*", IN_UNIT)]),
    "a unit is in an organization": (
        [allow("*", {**IN_UNIT, "StringLike": {"aws:PrincipalOrgID": "*"}})],
        [allow("*", IN_UNIT)],
    ),
    "a unit of an organization that is let in": (
        [allow("*", IN_ORGANIZATION), allow("*", IN_UNIT)],
        [allow("*", IN_ORGANIZATION)],
    ),
    "whoever is in an organization is somewhere in it": (
        [allow("*", member(UNIT))],
        [allow("*", member(UNIT, operator="ForAnyValue:StringLikeIfExists"))],
    ),
    "not equal if it exists": (
        [allow("*", NOT_OURS)],
        [allow("*", {"StringNotEqualsIfExists": NOT_OURS["StringNotEquals"]})],
    ),
    "everybody of a name in another account": ([allow("*", THEIRS)], [allow(OTHER_ACCOUNT, THEIRS)]),
    "another account is not ours": ([allow("*", NOT_OURS), allow(OTHER_ACCOUNT)], [allow("*", NOT_OURS)]),
    "a Deny by name": ([allow(READER), deny(ACCOUNT, NAME)], [allow(READER), deny("*", NAME)]),
}

DIFFERENT = {
    "somebody else": ([allow(READER)], [allow(READER + "2")]),
    "by name or by identity": ([allow(READER)], [allow(ACCOUNT, NAME)]),
    "everybody of that name needs no IAM policy": ([allow(ACCOUNT, NAME)], [allow("*", NAME)]),
    "a condition less": ([allow(READER, VIA)], [allow(READER)]),
    "a condition that may be absent": (
        [allow(READER, VIA)],
        [allow(READER, {"StringLikeIfExists": VIA["StringLike"]})],
    ),
    "another value": ([allow(READER, VIA)], [allow(READER, {"StringLike": {"kms:ViaService": "*"}})]),
    "a value that a pattern does not match": (
        [allow(READER, VIA), allow(READER, VIA_ELSEWHERE)],
        [allow(READER, VIA)],
    ),
    "a pattern and a value": ([allow(READER, VIA), allow(READER, VIA_LAMBDA)], [allow(READER, VIA_LAMBDA)]),
    "a value that may be absent": (
        [allow(READER, VIA), allow(READER, {"StringEqualsIfExists": VIA_LAMBDA["StringEquals"]})],
        [allow(READER, VIA)],
    ),
    "a name and a pattern": ([allow(ACCOUNT, NAME)], [allow(ACCOUNT, name(READER + "*"))]),
    "another account": ([allow(ACCOUNT)], [allow(OTHER_ACCOUNT)]),
    "a Deny of what somebody is allowed": ([allow(READER), deny(ACCOUNT, NAME)], [allow(READER)]),
    "a Deny of what the account is allowed": ([allow(ACCOUNT), deny(ACCOUNT, NAME)], [allow(ACCOUNT)]),
    "a unit of another organization": ([allow("*", member(UNIT, "o-z9y8x7w6v5"))], [allow("*", IN_UNIT)]),
    "no unit": ([allow("*", member(UNIT))], [allow("*", IN_ORGANIZATION)]),
    "a unit if it exists": (
        [allow("*", IN_UNIT)],
        [allow("*", {"ForAnyValue:StringLikeIfExists": IN_UNIT["ForAnyValue:StringLike"]})],
    ),
    "any unit": ([allow("*", member("*"))], [allow("*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "*"}})]),
    "an organization that is not demanded": (
        [allow("*", member(UNIT, operator="ForAnyValue:StringLikeIfExists"))],
        [
            allow(
                "*",
                {
                    "ForAnyValue:StringLikeIfExists": IN_UNIT["ForAnyValue:StringLike"],
                    "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                },
            )
        ],
    ),
    "everybody of a name in any account": ([allow("*", ANYBODYS)], [allow(OTHER_ACCOUNT, ANYBODYS)]),
    "our account is ours": ([allow("*", NOT_OURS), allow(ACCOUNT)], [allow("*", NOT_OURS)]),
    "not our account": ([allow("*", NOT_OURS)], [allow("*")]),
    "Allow or Deny": ([allow(READER)], [deny(READER)]),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_policies_that_decide_alike_have_one_form(one: list[Any], other: list[Any]) -> None:
    assert form(*one) == form(*other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_policies_that_decide_differently_have_two_forms(one: list[Any], other: list[Any]) -> None:
    assert form(*one) != form(*other)


@pytest.mark.parametrize(
    ("statements", "caller", "needed"),
    [
        ([allow(READER)], READER, False),
        ([allow(READER), allow(ACCOUNT)], READER, False),
        ([allow(READER, VIA), allow(ACCOUNT)], READER, True),
        ([allow(READER, VIA)], READER, False),
        ([allow(ACCOUNT)], READER, True),
        ([allow(ACCOUNT, NAME)], READER, True),
        ([allow(ACCOUNT, NAME)], READER + "2", False),
        ([allow(ACCOUNT, NAME), deny(ACCOUNT, NAME)], READER, False),
        ([allow(ACCOUNT, NAME, action="kms:Encrypt")], READER, False),
        ([allow(READER.replace("1", "4"))], READER.replace("1", "4"), True),
        ([allow(ACCOUNT)], READER.replace("1", "4"), False),
    ],
)
def test_iam_has_a_say_only_where_the_key_policy_leaves_it_one(
    statements: list[Any], caller: str, *, needed: bool
) -> None:
    assert needs_iam({"Statement": statements}, Caller(caller), DECRYPT, owner="111122223333") == needed


def bucket(*patterns: str) -> dict[str, Any]:
    return {"StringLike": {"kms:EncryptionContext:aws:s3:arn": list(patterns)}}


def test_a_pattern_that_begins_as_another_one_adds_nothing() -> None:
    assert form(allow(ACCOUNT, bucket("x-*", "x-*/*"))) == form(allow(ACCOUNT, bucket("x-*")))
    assert form(allow(ACCOUNT, bucket("x", "x/*"))) != form(allow(ACCOUNT, bucket("x/*")))
    assert form(allow(ACCOUNT, bucket("x-*", "y-*"))) != form(allow(ACCOUNT, bucket("x-*")))
    assert form(allow(ACCOUNT, bucket("x-?", "x-*"))) == form(allow(ACCOUNT, bucket("x-*")))
    assert form(allow(ACCOUNT, bucket("*-x", "*-xy"))) != form(allow(ACCOUNT, bucket("*-x")))
