import json
from typing import Any

import pytest

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.adoption.written_policy import Condition, WrittenStatement, parse_policy, read_statements
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import SIGNING, SYMMETRIC
from tests.support.key_statements import ACCOUNT, READER, allow, deny
from tests.support.written_policies import written


def _read(statement: dict[str, Any]) -> WrittenStatement:
    (found,) = written(statement)
    return found


def test_a_statement_is_read_whole() -> None:
    statement = allow(
        [READER, ACCOUNT], "kms:Decrypt", "kms:Encrypt", sid="Use", StringEquals={"kms:ViaService": ["b", "a"]}
    )

    assert _read(statement) == WrittenStatement(
        name="Use",
        effect="Allow",
        principals=frozenset({READER, ACCOUNT}),
        actions=frozenset({"kms:Decrypt", "kms:Encrypt"}),
        conditions=frozenset({Condition("StringEquals", "kms:ViaService", ("a", "b"))}),
    )


def test_one_value_and_a_list_of_one_are_the_same() -> None:
    single = {**allow(READER, "kms:Decrypt"), "Action": "kms:Decrypt", "Principal": {"AWS": [READER]}}

    assert _read(single) == _read(allow(READER, "kms:Decrypt"))
    assert read_statements({"Statement": single}, actions=SYMMETRIC.actions) == (_read(single),)


@pytest.mark.parametrize(
    ("patterns", "meant"),
    [
        (["kms:*"], SYMMETRIC.actions),
        (["kms:ReEncrypt*"], {"kms:ReEncryptFrom", "kms:ReEncryptTo"}),
        (["KMS:decrypt"], {"kms:Decrypt"}),
        (["kms:Sign"], {"kms:Sign"}),
        (["kms:Decript", "s3:GetObject"], {"kms:Decript", "s3:GetObject"}),
    ],
)
def test_actions_are_the_exact_ones_of_the_kind_of_key(patterns: list[str], meant: set[str]) -> None:
    assert _read(allow(READER, *patterns)).actions == meant


def test_the_same_wildcard_means_something_else_for_another_kind() -> None:
    (found,) = read_statements({"Statement": [allow(READER, "kms:*")]}, actions=SIGNING.actions)

    assert "kms:Sign" in found.actions
    assert not found.actions & {"kms:Decrypt", "kms:EnableKeyRotation"}


def test_all_actions_but_some_are_the_others() -> None:
    statement = allow(READER, "kms:Decrypt")
    del statement["Action"]

    assert _read({**statement, "NotAction": "kms:*crypt*"}).actions == {
        action for action in SYMMETRIC.actions if "crypt" not in action.lower()
    }


@pytest.mark.parametrize(
    ("principal", "names"),
    [
        ("*", {"everybody"}),
        ({"AWS": "*"}, {"everybody"}),
        ({"AWS": "111122223333"}, {ACCOUNT}),
        ({"AWS": ACCOUNT, "Service": ["sns.amazonaws.com"]}, {ACCOUNT, "sns.amazonaws.com"}),
        ({"Federated": "cognito-identity.amazonaws.com"}, {"cognito-identity.amazonaws.com"}),
        ({"AWS": "AROAABCDEFGHIJKLMNOPQ"}, {"AROAABCDEFGHIJKLMNOPQ"}),
        ({"AWS": "${AWS::AccountId}"}, {"arn:aws:iam::${AWS::AccountId}:root"}),
    ],
)
def test_principals_are_names(principal: Any, names: set[str]) -> None:
    assert _read(allow(principal, "kms:Decrypt")).principals == names


def test_an_account_alone_is_of_the_partition() -> None:
    policy = {"Statement": [allow("111122223333", "kms:Decrypt")]}

    (found,) = read_statements(policy, actions=OF_KEY_POLICIES, partition="aws-cn")

    assert found.principals == {"arn:aws-cn:iam::111122223333:root"}


def test_everybody_but_some_is_one_principal() -> None:
    statement = deny(READER, "kms:Decrypt")
    del statement["Principal"]

    found = _read({**statement, "NotPrincipal": {"AWS": [READER, ACCOUNT]}})

    assert found.principals == {f"everybody but {READER} and {ACCOUNT}"}


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"Resource": "*"}, set()),
        ({"Resource": ["*", "arn:aws:kms:eu-west-1:1:key/2"]}, set()),
        ({"Resource": "arn:aws:kms:eu-west-1:1:key/2"}, {"arn:aws:kms:eu-west-1:1:key/2"}),
        ({"NotResource": "arn:aws:kms:eu-west-1:1:key/2"}, {"all but arn:aws:kms:eu-west-1:1:key/2"}),
        ({}, {"none"}),
    ],
)
def test_another_resource_than_the_key_is_said(resource: dict[str, Any], said: set[str]) -> None:
    statement = allow(READER, "kms:Decrypt")
    del statement["Resource"]

    assert _read({**statement, **resource}).resources == said


def test_statements_without_a_sid_are_told_by_their_place_among_these() -> None:
    once, named = allow(READER, "kms:Decrypt"), allow(READER, "kms:Encrypt", sid="Use")

    assert [each.name for each in written(once, named, once, named)] == ["(no Sid, 1)", "Use", "(no Sid, 2)", "Use (2)"]


def test_both_branches_of_a_condition_of_the_template_are_read() -> None:
    statement = allow({"AWS": {"Fn::If": ["IsProd", ACCOUNT, {"Ref": "AWS::NoValue"}]}}, "kms:Decrypt")

    assert _read(statement).principals == {ACCOUNT}


@pytest.mark.parametrize(
    "printed",
    [
        lambda policy: policy,
        json.dumps,
        lambda policy: json.dumps({"Policy": policy, "PolicyName": "default"}),
    ],
    ids=["text", "json", "whole answer"],
)
def test_the_policy_is_read_in_each_form_that_the_command_prints(printed: Any) -> None:
    policy = {"Version": "2012-10-17", "Statement": [allow(ACCOUNT, "kms:*")]}

    assert parse_policy(printed(json.dumps(policy))) == policy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the policy of today must be JSON, got ''"),
        ("An error occurred (AccessDenied)", "the policy of today must be JSON, got 'An error occurred"),
        ("[]", r"the policy of today must be a policy document with a Statement, got '\[\]'"),
        ('{"Version": "2012-10-17"}', "the policy of today must be a policy document with a Statement"),
        ('{"Policy": null}', "the policy of today must be a policy document"),
    ],
)
def test_refuses_what_is_no_policy(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{message}"):
        parse_policy(text)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Effect": "allow"}, "Effect must be Allow or Deny, got 'allow' in statement Use"),
        ({"Principal": None}, "a statement must have Principal, got none in statement Use"),
        ({"Action": None}, "a statement must have Action, got none in statement Use"),
        (
            {"Condition": ["Bool"]},
            r"Condition must map operators to keys and values, got Condition \['Bool'\] in .* Use",
        ),
        (
            {"Condition": {"Bool": "a"}},
            "Condition must map operators to keys and values, got Bool 'a' in statement Use",
        ),
    ],
)
def test_refuses_a_statement_that_kms_would_refuse(changed: dict[str, Any], message: str) -> None:
    statement = {**allow(READER, "kms:Decrypt", sid="Use"), **changed}

    with pytest.raises(ConfigurationError, match=f"^{message}$"):
        written({name: value for name, value in statement.items() if value is not None})


def test_refuses_a_statement_that_is_none() -> None:
    with pytest.raises(ConfigurationError, match=r"^a statement must be a JSON object, got 'Allow'$"):
        read_statements({"Statement": ["Allow"]}, actions=SYMMETRIC.actions)


def test_refuses_a_policy_without_statements() -> None:
    with pytest.raises(ConfigurationError, match=r"^a key policy must have a Statement, got \['Version'\]$"):
        read_statements({"Version": "2012-10-17"}, actions=SYMMETRIC.actions)
