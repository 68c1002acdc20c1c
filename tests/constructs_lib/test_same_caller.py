from typing import Any

import pytest

from constructs_lib.principals import Person, Principal
from constructs_lib.same_caller import covers, excepted_arns, may_be_same, whose_arns

ROOT = "arn:aws:iam::111122223333:root"
ACCOUNT = "arn:aws:iam::111122223333"
ADMIN = f"{ACCOUNT}:role/Admin"
SET = f"{ACCOUNT}:role/aws-reserved/sso.amazonaws.com"
ADMINS = f"AWSReservedSSO_Admins_{'?' * 16}"
AN_ADMIN = "AWSReservedSSO_Admins_0123456789abcdef"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADMIN, ADMIN),
        (ADMIN, ADMIN.replace(":aws:", ":${AWS::Partition}:")),
        (ADMIN, "arn:aws:sts::111122223333:assumed-role/Admin/session"),
        (f"{ACCOUNT}:role/team/Admin", "arn:${AWS::Partition}:sts::111122223333:assumed-role/Admin/me@example.com"),
        ("arn:aws:sts::111122223333:assumed-role/Admin/a", "arn:aws:sts::111122223333:assumed-role/Admin/b"),
        (f"{SET}/{ADMINS}", f"{SET}/{AN_ADMIN}"),
        (f"{SET}/*/{ADMINS}", f"{SET}/eu-west-1/{AN_ADMIN}"),
        (f"{SET}/*/{ADMINS}", f"arn:aws:sts::111122223333:assumed-role/{AN_ADMIN}/me"),
        (f"{SET}/{ADMINS}", f"{SET}/{ADMINS}"),
        (f"{ACCOUNT}:role/Stack-Admin-*", f"{ACCOUNT}:role/Stack-Admin-1A2B3C"),
        (f"{ACCOUNT}:role/Stack-*", f"{ACCOUNT}:role/Stack-Admin-*"),
        (ADMIN, f"{ACCOUNT}:role/ADMIN"),
        ("${S/Role/Resource.Arn}", "${S/Role/Resource.Arn}"),
    ],
)
def test_one_caller_in_two_spellings_is_the_same(one: str, other: str) -> None:
    assert may_be_same(one, other)
    assert may_be_same(other, one)


@pytest.mark.parametrize(
    "other",
    [
        f"{ACCOUNT}:role/team/Admin",
        f"{ACCOUNT}:user/Admin",
        ADMIN.replace("1111", "2222"),
        "arn:aws:sts::222222223333:assumed-role/Admin/session",
        "arn:aws:sts::111122223333:assumed-role/Other/Admin",
        "arn:aws:sts::111122223333:federated-user/Admin",
        f"{ACCOUNT}:role/Admi?-*",
        "${S/Role/Resource.Arn}",
        "sns.amazonaws.com",
        ROOT,
        "*",
    ],
)
def test_somebody_else_is_not(other: str) -> None:
    assert not may_be_same(ADMIN, other)
    assert not may_be_same(other, ADMIN)


def test_brackets_in_a_name_stand_for_themselves() -> None:
    assert not may_be_same("${S/[a]*/Resource.Arn}", "${S/a/Resource.Arn}")


@pytest.mark.parametrize(
    ("principal", "conditions", "arns"),
    [
        (Principal.by_arn(ADMIN), {}, {ADMIN}),
        (Principal.by_name(ADMIN), {}, {ADMIN}),
        (Principal.by_arn(ADMIN), {"StringEquals": {"aws:PrincipalArn": ("x",)}}, {ADMIN}),
        (Principal("AWS", ROOT), {}, {ROOT}),
        (Principal("AWS", ROOT), {"StringEquals": {"aws:PrincipalArn": (ADMIN,)}}, {ADMIN}),
        (Principal("AWS", "*"), {"ArnLike": {"AWS:principalarn": (ADMIN, f"{ADMIN}2")}}, {ADMIN, f"{ADMIN}2"}),
        (Principal("AWS", ROOT), {"StringNotEquals": {"aws:PrincipalArn": (ADMIN,)}}, {ROOT}),
        (Principal("AWS", ROOT), {"ArnLike": {"aws:PrincipalArn": (f"{ACCOUNT}:role/*",)}}, {ROOT}),
        (Principal("AWS", ROOT), {"ArnLike": {"aws:PrincipalArn": (ADMIN, f"{ACCOUNT}:*")}}, {ROOT}),
        (Principal("AWS", ROOT), {"StringLike": {"aws:PrincipalArn": ("*",)}}, {ROOT}),
        (Principal("AWS", ROOT), {"StringEqualsIgnoreCase": {"aws:PrincipalArn": (ADMIN,)}}, {ADMIN}),
        (Principal("AWS", ROOT), {"StringEquals": {"aws:SourceArn": (ADMIN,)}}, {ROOT}),
    ],
)
def test_an_account_under_a_condition_is_whom_the_condition_names(
    principal: Principal, conditions: Any, arns: set[str]
) -> None:
    assert set(whose_arns(Person(principal, conditions))) == arns


@pytest.mark.parametrize("operator", ["ArnNotEquals", "ArnNotLike", "ArnNotLikeIfExists"])
def test_conditions_except_whom_they_name(operator: str) -> None:
    assert excepted_arns({operator: {"AWS:principalarn": (ADMIN,), "aws:SourceArn": ("x",)}}) == (ADMIN,)


@pytest.mark.parametrize("operator", ["ArnEquals", "StringNotLike", "ForAllValues:ArnNotLike", "Null"])
def test_other_conditions_except_nobody(operator: str) -> None:
    assert excepted_arns({operator: {"aws:PrincipalArn": (ADMIN,)}}) == ()


@pytest.mark.parametrize(
    ("pattern", "arn"),
    [
        (ADMIN, ADMIN),
        (ADMIN, ADMIN.replace(":aws:", ":${AWS::Partition}:")),
        (f"{ACCOUNT}:role/*", ADMIN),
        (ADMIN.replace("111122223333", "*"), ADMIN),
        (f"{SET}/{ADMINS}", f"{SET}/{ADMINS}"),
        ("${S/Role/Resource.Arn}", "${S/Role/Resource.Arn}"),
    ],
)
def test_a_pattern_is_about_all_whom_another_means(pattern: str, arn: str) -> None:
    assert covers(pattern, arn)


@pytest.mark.parametrize(
    ("pattern", "arn"),
    [
        (f"{SET}/{AN_ADMIN}", f"{SET}/{ADMINS}"),
        (ADMIN.lower(), ADMIN),
        (f"{ACCOUNT}:role/team/Admin", ADMIN),
        ("arn:aws:sts::111122223333:assumed-role/Admin/me", ADMIN),
        ("${S/Role/Resource.Arn}", ADMIN),
        ("*", ADMIN),
    ],
)
def test_another_pattern_is_not(pattern: str, arn: str) -> None:
    assert not covers(pattern, arn)
