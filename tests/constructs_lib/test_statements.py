import json
from typing import Any

import pytest

from constructs_lib.actions import SYMMETRIC_KEY
from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.statements import Statement, render_policy

READER = "arn:aws:iam::111122223333:role/Reader"
WRITER = "arn:aws:iam::111122223333:role/Writer"


def valid(**changed: Any) -> dict[str, Any]:
    return {"sid": "Read", "principals": {"AWS": (READER,)}, "actions": ("kms:Decrypt",), **changed}


def test_a_statement_is_rendered_with_single_values_as_strings() -> None:
    assert Statement(**valid()).render() == {
        "Sid": "Read",
        "Effect": "Allow",
        "Principal": {"AWS": READER},
        "Action": "kms:Decrypt",
        "Resource": "*",
    }


def test_a_statement_is_sorted_and_holds_nothing_twice() -> None:
    statement = Statement(
        sid="Use1",
        effect="Deny",
        principals={"Service": ("sns.amazonaws.com",), "AWS": (WRITER, READER, WRITER), "Federated": ()},
        actions=("kms:Encrypt", "kms:Decrypt", "kms:Encrypt"),
        conditions={"StringLike": {"b": ("2", "1"), "a": ("1",)}, "ArnEquals": {"c": ("x", "x")}, "Null": {}},
    )

    assert json.dumps(statement.render()) == json.dumps({
        "Sid": "Use1",
        "Effect": "Deny",
        "Principal": {"AWS": [READER, WRITER], "Service": "sns.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:Encrypt"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"c": "x"}, "StringLike": {"a": "1", "b": ["1", "2"]}},
    })


def test_statements_that_say_the_same_are_equal() -> None:
    assert Statement(**valid(actions=("kms:Decrypt", "kms:Encrypt"))) == Statement(
        **valid(actions=("kms:Encrypt", "kms:Decrypt", "kms:Encrypt"))
    )


@pytest.mark.parametrize("sid", ["", "Read it", "Read-1", "Läse", "Read_1", "Read\n"])
def test_refuses_a_sid_of_other_characters(sid: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Statement(**valid(sid=sid))
    assert str(refused.value) == f"sid must be letters and digits, got {sid!r}"


def test_refuses_a_statement_without_actions() -> None:
    with pytest.raises(
        ConfigurationError, match="^actions must name at least one KMS action, got none in statement Read$"
    ):
        Statement(**valid(actions=()))


@pytest.mark.parametrize(
    "action",
    [
        "kms:*",
        "kms:GenerateDataKey*",
        "kms:decrypt",
        "kms:Decript",
        "s3:GetObject",
        "kms:ReEncrypt",
        "kms:Sign",
        "*",
        "",
    ],
)
def test_refuses_an_action_that_is_not_exact(action: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Statement(**valid(actions=("kms:Decrypt", action)))
    assert str(refused.value) == f"actions must be exact KMS actions of a key policy, got {action!r} in statement Read"


@pytest.mark.parametrize("principals", [{}, {"AWS": ()}, {"AWS": (), "Service": ()}])
def test_refuses_a_statement_for_nobody(principals: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ConfigurationError, match="^principals must name somebody, got nobody in statement Read$"):
        Statement(**valid(principals=principals))


@pytest.mark.parametrize("kind", ["CanonicalUser", "aws", "*"])
def test_refuses_a_kind_of_principal_that_kms_does_not_take(kind: str) -> None:
    with pytest.raises(ConfigurationError, match="principals must be of kind AWS, Federated, Service, got"):
        Statement(**valid(principals={kind: (READER,)}))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("AWS", "arn:aws:iam::111122223333:role/*"),
        ("AWS", "arn:aws:iam::*:root"),
        ("AWS", "arn:aws:iam::111122223333:role/Reade?"),
        ("Service", "*"),
        ("Federated", "*"),
        ("Service", "*.amazonaws.com"),
    ],
)
def test_refuses_a_wildcard_in_a_principal(kind: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Statement(**valid(principals={kind: (value,)}))
    assert str(refused.value) == f"principals must be written without wildcards, got {value!r} in statement Read"


PINNED = {"StringEquals": {"kms:CallerAccount": ("111122223333",)}}


@pytest.mark.parametrize(
    "conditions",
    [
        PINNED,
        {"StringEquals": {"aws:PrincipalOrgID": ("o-a1b2c3d4e5",)}},
        {"StringEquals": {"aws:PrincipalAccount": ("111122223333", "444455556666")}},
        {"ArnEquals": {"aws:PrincipalArn": (READER,)}},
        {**PINNED, "StringLike": {"kms:ViaService": ("*.eu-west-1.amazonaws.com",)}},
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
        {"StringEquals": {"aws:SourceAccount": ("111122223333",)}},
        {"StringEquals": {"kms:ViaService": ("s3.eu-west-1.amazonaws.com",)}},
    ],
)
@pytest.mark.parametrize("others", [(), (READER,)])
def test_refuses_everybody_where_no_condition_says_who(conditions: Any, others: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Statement(**valid(principals={"AWS": ("*", *others)}, conditions=conditions))
    assert str(refused.value) == (
        "principals must not be everybody unless a condition equals one of aws:PrincipalAccount, aws:PrincipalArn, "
        "aws:PrincipalOrgID, kms:CallerAccount, got '*' in statement Read"
    )


def test_everybody_may_be_denied() -> None:
    assert Statement(**valid(principals={"AWS": ("*",)}, effect="Deny")).render()["Principal"] == "*"


def test_refuses_a_condition_without_values() -> None:
    with pytest.raises(ConfigurationError) as refused:
        Statement(**valid(conditions={"StringEquals": {"kms:CallerAccount": ()}}))
    assert str(refused.value) == (
        "conditions must have a value, got none of kms:CallerAccount under StringEquals in statement Read"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"principals": {"AWS": ("arn:aws:iam::111122223333:role/Łódź",)}},
        {"conditions": {"StringEquals": {"kms:EncryptionContext:name": ("日本",)}}},
        {"conditions": {"StringEquals": {"kms:EncryptionContext:日": ("x",)}}},
        {"conditions": {"StringEquals": {"k": ("\u2028",)}}},
        {"conditions": {"StringEquals": {"k": ("\u0100",)}}},
    ],
)
def test_refuses_characters_that_kms_rejects(changed: Any) -> None:
    with pytest.raises(
        ConfigurationError, match="^a key policy must hold only characters up to U\\+00FF, got .* in statement Read$"
    ):
        Statement(**valid(**changed))


def test_characters_up_to_ff_are_taken() -> None:
    conditions = {"StringEquals": {"kms:EncryptionContext:name": ("\u00ff\u00e9~ \u0020",)}}

    assert Statement(**valid(conditions=conditions)).conditions == conditions


def test_callers_by_identity_by_name_and_by_pattern_are_kept_apart() -> None:
    statements = Statement.for_callers(
        "Read",
        [
            Principal("Service", "sns.amazonaws.com"),
            Principal.by_arn(READER),
            Principal.by_name("arn:aws:iam::444455556666:role/team/Far"),
            Principal.by_name("arn:aws:iam::111122223333:role/Far"),
            Principal.by_name("arn:aws:iam::111122223333:role/Stack-Role-*"),
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
                "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Stack-Role-*"},
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


def test_refuses_two_statements_of_one_sid() -> None:
    with pytest.raises(ConfigurationError, match="^sid must be unique in a key policy, got 'Read' twice$"):
        render_policy([
            Statement(**valid()),
            Statement(**valid(sid="Write")),
            Statement(**valid(actions=("kms:Encrypt",))),
        ])


def test_a_policy_keeps_the_order_of_its_statements() -> None:
    policy = render_policy([Statement(**valid(sid="B")), Statement(**valid(sid="A"))])

    assert policy["Version"] == "2012-10-17"
    assert [statement["Sid"] for statement in policy["Statement"]] == ["B", "A"]


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
        actions=tuple(SYMMETRIC_KEY),
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

    with pytest.raises(ConfigurationError, match="^a key policy must be at most 32768 bytes, got 32769; "):
        render_policy([padded(room + 1)])


def test_refuses_a_large_policy_and_names_its_largest_statements() -> None:
    sizes = {"A": 100, "B": 9_000, "C": 12_000, "D": 11_000, "E": 5_000}
    statements = {sid: padded(length, sid) for sid, length in sizes.items()}

    with pytest.raises(ConfigurationError) as refused:
        render_policy(statements.values())
    assert str(refused.value).endswith(
        f"the largest statements: C {statements['C'].size}, D {statements['D'].size}, B {statements['B'].size}"
    )


@pytest.mark.parametrize(
    ("value", "refers"),
    [
        ("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x-${AWS::Region}", False),
        (READER, False),
        ("${Stack/Reader/Resource.Arn}", True),
    ],
)
def test_it_says_whether_it_refers_to_a_resource(value: str, refers: bool) -> None:  # noqa: FBT001  # a table's column
    assert Statement(**valid(principals={"AWS": (value,)})).names_resources is refers
