import json
from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
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
        ConfigurationError, match=r"^actions must name at least one KMS action, got none in statement Read$"
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
        "kms:GenerateRandom",
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
    with pytest.raises(ConfigurationError, match=r"^principals must name somebody, got nobody in statement Read$"):
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
        ConfigurationError, match=r"^a key policy must hold only characters up to U\+00FF, got .* in statement Read$"
    ):
        Statement(**valid(**changed))


def test_characters_up_to_ff_are_taken() -> None:
    conditions = {"StringEquals": {"kms:EncryptionContext:name": ("\u00ff\u00e9~ \u0020",)}}

    assert Statement(**valid(conditions=conditions)).conditions == conditions


def test_refuses_two_statements_of_one_sid() -> None:
    with pytest.raises(ConfigurationError, match=r"^sid must be unique in a key policy, got 'Read' twice$"):
        render_policy([
            Statement(**valid()),
            Statement(**valid(sid="Write")),
            Statement(**valid(actions=("kms:Encrypt",))),
        ])


def test_a_policy_keeps_the_order_of_its_statements() -> None:
    policy = render_policy([Statement(**valid(sid="B")), Statement(**valid(sid="A"))])

    assert policy["Version"] == "2012-10-17"
    assert [statement["Sid"] for statement in policy["Statement"]] == ["B", "A"]


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


def test_refuses_everybody_whom_the_caller_says_he_is() -> None:
    pinned = {"StringEquals": {"aws:PrincipalAccount": ("${aws:PrincipalAccount}",)}}

    with pytest.raises(ConfigurationError, match=r"^principals must not be everybody unless a condition equals"):
        Statement(sid="Read", principals={"AWS": ("*",)}, actions=("kms:Decrypt",), conditions=pinned)
