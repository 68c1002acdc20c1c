"""How one statement names several callers, and when it may name everybody."""

from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.statements import Statement

READER = "arn:aws:iam::111122223333:role/Reader"


WRITER = "arn:aws:iam::111122223333:role/Writer"


def valid(**changed: Any) -> dict[str, Any]:
    return {"sid": "Read", "principals": {"AWS": (READER,)}, "actions": ("kms:Decrypt",), **changed}


PINNED = {"StringEquals": {"kms:CallerAccount": ("111122223333",)}}
UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"


def in_paths(*values: str, operator: str = "ForAnyValue:StringLike") -> dict[str, Any]:
    return {operator: {"aws:PrincipalOrgPaths": values}}


@pytest.mark.parametrize(
    "conditions",
    [
        PINNED,
        {"StringEquals": {"aws:PrincipalOrgID": ("o-a1b2c3d4e5",)}},
        {"StringEquals": {"aws:PrincipalAccount": ("111122223333", "444455556666")}},
        {"StringEquals": {"aws:PrincipalAccount": ("${AWS::AccountId}",)}},
        {"ArnEquals": {"aws:PrincipalArn": (READER,)}},
        {"ArnEquals": {"aws:PrincipalArn": ("${S/Role/Resource.Arn}",)}},
        {**PINNED, "StringLike": {"kms:ViaService": ("*.eu-west-1.amazonaws.com",)}},
        in_paths(f"{UNIT}/*"),
        in_paths(f"{UNIT}/ou-ab12-22222222/", operator="ForAnyValue:StringEquals"),
        in_paths(f"{UNIT}/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-33333333/ou-*"),
    ],
)
def test_everybody_may_be_named_under_a_condition_that_says_who(conditions: Any) -> None:
    statement = Statement(**valid(principals={"AWS": ("*",)}, conditions=conditions))

    assert statement.render()["Principal"] == "*"


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"StringLike": {"kms:CallerAccount": ("1111*",)}},
        {"StringLike": {"kms:CallerAccount": ("111122223333",)}},
        {"StringNotEquals": {"kms:CallerAccount": ("111122223333",)}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": ("o-a1b2c3d4e5",)}},
        {"ForAllValues:StringEquals": {"aws:PrincipalAccount": ("111122223333",)}},
        {"ArnLike": {"aws:PrincipalArn": (READER,)}},
        {"ArnEquals": {"aws:PrincipalArn": ("arn:aws:iam::*:role/Reader",)}},
        {"ArnEquals": {"aws:PrincipalArn": ("arn:aws:iam::????????????:role/Reader",)}},
        {"ArnEquals": {"aws:PrincipalArn": (READER, "*")}},
        {"StringEquals": {"aws:PrincipalAccount": ("${aws:PrincipalAccount}",)}},
        {"StringEquals": {"aws:PrincipalAccount": ("${AWS:PrincipalAccount}",)}},
        {"StringEquals": {"aws:PrincipalAccount": ("111122223333", "${kms:CallerAccount}")}},
        {"StringEquals": {"aws:PrincipalOrgID": ("${Aws:principalorgid}",)}},
        {"ArnEquals": {"aws:PrincipalArn": ("${AWS:PrincipalArn}",)}},
        {"StringEquals": {"aws:SourceAccount": ("111122223333",)}},
        {"StringEquals": {"kms:ViaService": ("s3.eu-west-1.amazonaws.com",)}},
        in_paths("*"),
        in_paths("o-*/r-ab12/ou-ab12-11111111/*"),
        in_paths("o-a1b2c3d4e5/*"),
        in_paths("o-a1b2c3d4e5/r-ab12/*"),
        in_paths("o-a1b2c3d4e5/r-ab12/*/ou-ab12-11111111/*"),
        in_paths(f"{UNIT}*"),
        in_paths(f"{UNIT}/*", "*"),
        in_paths(f"{UNIT}/*", operator="StringLike"),
        in_paths(f"{UNIT}/*", operator="ForAllValues:StringLike"),
        in_paths(f"{UNIT}/*", operator="ForAnyValue:StringNotLike"),
        in_paths(f"{UNIT}/*", operator="ForAnyValue:StringLikeIfExists"),
    ],
)
@pytest.mark.parametrize("others", [(), (READER,)])
def test_refuses_everybody_where_no_condition_says_who(conditions: Any, others: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Statement(**valid(principals={"AWS": ("*", *others)}, conditions=conditions))
    assert str(refused.value) == (
        "principals must not be everybody unless a condition equals one of aws:PrincipalAccount, aws:PrincipalArn, "
        "aws:PrincipalOrgID, kms:CallerAccount, or names units in aws:PrincipalOrgPaths, got '*' in statement Read"
    )


def test_everybody_may_be_denied() -> None:
    assert Statement(**valid(principals={"AWS": ("*",)}, effect="Deny")).render()["Principal"] == "*"


def test_callers_by_identity_by_name_and_by_pattern_are_kept_apart() -> None:
    statements = Statement.for_callers(
        "Read",
        [
            Principal("Service", "sns.amazonaws.com"),
            Principal.by_arn(READER),
            Principal.by_name("arn:aws:iam::444455556666:role/team/Far"),
            Principal.by_name("arn:aws:iam::111122223333:role/Far"),
            Principal.by_name("arn:aws:iam::111122223333:role/Stack-Role-*"),
            Principal.by_name("arn:aws:iam::111122223333:role/Stack-Role-????"),
        ],
        ["kms:Decrypt"],
        {"Bool": {"aws:SecureTransport": ("true",)}},
    )

    secure = {"Bool": {"aws:SecureTransport": "true"}}
    rest = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    accounts = ["arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root"]
    assert [statement.render() for statement in statements] == [
        {
            "Sid": "Read",
            "Principal": {"AWS": READER, "Service": "sns.amazonaws.com"},
            "Condition": secure,
            **rest,
        },
        {
            "Sid": "ReadByName",
            "Principal": {"AWS": accounts},
            "Condition": {
                "ArnEquals": {
                    "aws:PrincipalArn": [
                        "arn:aws:iam::111122223333:role/Far",
                        "arn:aws:iam::444455556666:role/team/Far",
                    ]
                },
                **secure,
            },
            **rest,
        },
        {
            "Sid": "ReadByPattern",
            "Principal": {"AWS": accounts[0]},
            "Condition": {
                "ArnLike": {
                    "aws:PrincipalArn": [
                        "arn:aws:iam::111122223333:role/Stack-Role-*",
                        "arn:aws:iam::111122223333:role/Stack-Role-????",
                    ]
                },
                **secure,
            },
            **rest,
        },
    ]


def test_no_callers_make_no_statement() -> None:
    assert Statement.for_callers("Read", [], ["kms:Decrypt"]) == []


def test_refuses_a_named_caller_under_a_condition_on_another_name() -> None:
    with pytest.raises(
        ConfigurationError, match="conditions must demand one set of values of aws:PrincipalArn under ArnEquals"
    ):
        Statement.for_callers(
            "Read", [Principal.by_name(READER)], ["kms:Decrypt"], {"ArnEquals": {"aws:PrincipalArn": (WRITER,)}}
        )
