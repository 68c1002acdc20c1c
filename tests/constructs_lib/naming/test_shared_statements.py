"""What is sent to the CDK once, and that nobody sees a difference."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey
from constructs_lib.naming.shared_statements import SharedStatements
from constructs_lib.naming.token_text import TokenText
from constructs_lib.principals import Principal
from constructs_lib.statements import Statement, render_policy
from tests.support.round_trips import counted_round_trips
from tests.support.synthesised import resources, template_of

MakeApp = Callable[..., cdk.App]

READER = Principal.by_arn("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Reader")
READ, WRITE = (
    Statement.for_callers(sid, [READER], [action])[0]
    for sid, action in (("Read", "kms:Decrypt"), ("Write", "kms:Encrypt"))
)


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S")


def kinds(policy: Any) -> list[str]:
    if not isinstance(policy, dict):
        return ["kept policy"]
    return ["plain" if isinstance(each, dict) else "kept" for each in policy["Statement"]]


def test_what_comes_again_is_kept_by_the_cdk_and_says_the_same(stack: cdk.Stack) -> None:
    text = TokenText(stack)
    shared = SharedStatements(text)
    policies = [(READ,), (READ, WRITE), (READ, WRITE), (READ, WRITE), (WRITE,)]
    written = [shared.policy(policy) for policy in policies]

    assert [kinds(policy) for policy in written] == [["plain"], ["kept", "plain"], *2 * [["kept policy"]], ["kept"]]
    for policy, statements in zip(written, policies, strict=True):
        assert stack.resolve(policy) == stack.resolve(text.with_tokens(render_policy(statements)))


def test_what_is_kept_is_not_sent_again(stack: cdk.Stack) -> None:
    shared = SharedStatements(TokenText(stack))
    for _ in range(2):
        shared.policy([READ, WRITE])

    with counted_round_trips() as trips:
        shared.policy([READ, WRITE])
    assert trips.made == 0


def role(stack: cdk.Stack, name: str) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal())


def test_keys_that_begin_alike_go_their_own_ways(stack: cdk.Stack) -> None:
    keys = [EncryptionKey(stack, f"Key{number}", alias=f"key/{number}") for number in range(4)]
    keys[1].grant_decrypt(role(stack, "Reader"))
    keys[2].grant_encrypt(role(stack, "Writer"))

    template = template_of(stack)
    policies = [each["Properties"]["KeyPolicy"]["Statement"] for each in resources(template, "AWS::KMS::Key").values()]
    begun = policies[0]
    assert policies[3] == begun
    assert [[each["Action"] for each in policy if each not in begun] for policy in policies[1:3]] == [
        ["kms:Decrypt"],
        [["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]],
    ]


def test_a_grant_arrives_that_is_made_after_the_policy_was_read(stack: cdk.Stack) -> None:
    keys = [EncryptionKey(stack, f"Key{number}", alias=f"key/{number}") for number in range(3)]
    resource = keys[2].node.default_child
    assert isinstance(resource, kms.CfnKey)
    before = stack.resolve(resource.key_policy)
    keys[2].grant_decrypt(role(stack, "Reader"))

    after = stack.resolve(resource.key_policy)
    assert [each["Sid"] for each in after["Statement"] if each not in before["Statement"]] == ["GrantedDecrypt"]
    written = resources(template_of(stack), "AWS::KMS::Key")[stack.resolve(resource.logical_id)]
    assert written["Properties"]["KeyPolicy"] == after
