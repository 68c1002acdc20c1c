"""A statement of a secret's resource policy, and the size of the whole."""

import json

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_statement import EVERYBODY, SecretStatement, render_secret_policy


def _statement(sid: str, *names: str) -> SecretStatement:
    conditions = {"ArnNotEquals": {"aws:PrincipalArn": names}} if names else {}
    return SecretStatement(
        sid=sid, effect="Deny", principals=EVERYBODY, actions=("secretsmanager:GetSecretValue",), conditions=conditions
    )


def test_a_statement_is_written_in_canonical_form() -> None:
    statement = SecretStatement(
        sid="Readers",
        effect="Allow",
        principals={"AWS": ("arn:b", "arn:a", "arn:b")},
        actions=("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
        conditions={"StringEquals": {"b": ("2", "1", "2"), "a": ("1",)}},
    )

    assert json.dumps(statement.render()) == json.dumps({
        "Sid": "Readers",
        "Effect": "Allow",
        "Principal": {"AWS": ["arn:a", "arn:b"]},
        "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "Resource": "*",
        "Condition": {"StringEquals": {"a": "1", "b": ["1", "2"]}},
    })


def test_everybody_is_written_as_a_star_and_no_condition_not_at_all() -> None:
    assert _statement("Nobody").render() == {
        "Sid": "Nobody",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }


def _of_size(length: int) -> list[SecretStatement]:
    empty = len(json.dumps(render_secret_policy([_statement("A", "x")]), separators=(",", ":"))) - 1
    return [_statement("A", "x" * (length - empty))]


def test_a_policy_of_the_largest_size_is_taken() -> None:
    assert len(json.dumps(render_secret_policy(_of_size(20_480)), separators=(",", ":"))) == 20_480


def test_refuses_a_policy_that_is_larger_than_secrets_manager_takes() -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"the resource policy of a secret must be at most 20480 characters, got 20481; the largest .*: A 20442$",
    ):
        render_secret_policy(_of_size(20_481))


def test_a_placeholder_counts_as_the_longest_that_it_can_become() -> None:
    many = [_statement("A", *(f"${{Stack/Role{number}.Arn}}" for number in range(170)))]

    with pytest.raises(ConfigurationError, match="must be at most 20480 characters"):
        render_secret_policy(many)
