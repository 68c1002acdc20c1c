"""How large a key policy is, and how large it may be."""

import json
from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.statements import Statement, render_policy

READER = "arn:aws:iam::111122223333:role/Reader"


def valid(**changed: Any) -> dict[str, Any]:
    return {"sid": "Read", "principals": {"AWS": (READER,)}, "actions": ("kms:Decrypt",), **changed}


LONGEST = {
    "${AWS::Partition}": "aws-us-gov",
    "${AWS::AccountId}": "111122223333",
    "${AWS::Region}": "ap-southeast-10",
    "${AWS::URLSuffix}": "amazonaws.com.cn",
    "${Stack/Reader/Resource.Arn}": "arn:aws-us-gov:iam::111122223333:role/" + 82 * "x",
}


def test_the_size_is_that_of_the_json_with_every_placeholder_at_its_longest() -> None:
    statement = Statement(
        sid="Read",
        principals={
            "AWS": ("arn:${AWS::Partition}:iam::${AWS::AccountId}:root", "${Stack/Reader/Resource.Arn}"),
            "Service": ("logs.${AWS::Region}.${AWS::URLSuffix}",),
        },
        actions=tuple(SYMMETRIC.actions),
        conditions={"StringEquals": {"kms:EncryptionContext:Name": ("Zoë", "a", "${AWS::Region}")}},
    )
    text = json.dumps(statement.render(), separators=(",", ":"), ensure_ascii=False)
    for name, value in LONGEST.items():
        text = text.replace(name, value)

    assert len(LONGEST["${Stack/Reader/Resource.Arn}"]) == 120
    assert "${" not in text
    assert statement.size == len(text.encode("utf-8")) != len(text)


def padded(length: int, sid: str = "Big") -> Statement:
    return Statement(**valid(sid=sid, conditions={"StringEquals": {"k": ("x" * length,)}}))


def test_a_policy_may_have_32768_bytes_and_not_one_more() -> None:
    room = 32_768 - len(json.dumps(render_policy([padded(1)]), separators=(",", ":"))) + 1
    policy = render_policy([padded(room)])
    assert len(json.dumps(policy, separators=(",", ":"))) == 32_768

    with pytest.raises(ConfigurationError, match=r"^a key policy must be at most 32768 bytes, got 32769; "):
        render_policy([padded(room + 1)])


def test_refuses_a_large_policy_and_names_its_largest_statements() -> None:
    sizes = {"A": 100, "B": 9_000, "C": 12_000, "D": 11_000, "E": 5_000}
    statements = {sid: padded(length, sid) for sid, length in sizes.items()}

    with pytest.raises(ConfigurationError) as refused:
        render_policy(statements.values())
    assert str(refused.value).endswith(
        f"the largest statements: C {statements['C'].size}, D {statements['D'].size}, B {statements['B'].size}"
    )
