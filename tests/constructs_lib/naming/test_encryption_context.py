from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import AsymmetricEncryptionKey, ConfigurationError, EncryptionKey, permission_set, with_context
from tests.support.l2_case import function
from tests.support.synthesised import granted, iam_statements, key_statements, template_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
BLUE = {"StringEquals": {"kms:EncryptionContext:tenant": "blue"}}
REFUSED = r"\[S/Key\] .*conditions must bind an encryption context only to actions that carry one, got "


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def role(stack: cdk.Stack, construct_id: str = "Role") -> iam.Role:
    return iam.Role(stack, construct_id, assumed_by=iam.AccountRootPrincipal())


def test_people_of_one_kind_share_a_statement_for_each_context(stack: cdk.Stack) -> None:
    first, second, third = (role(stack, name) for name in ("First", "Second", "Third"))
    EncryptionKey(
        stack,
        "Key",
        decrypters=[with_context(first, {"tenant": "blue"}), with_context(second, {"tenant": "blue"}), third],
        encrypters=[with_context(first, {"tenant": "red", "purpose": "mail"})],
    )

    statements = key_statements(template_of(stack))
    people = [each for sid, each in statements.items() if sid.startswith(("Encrypters", "Decrypters"))]
    assert people == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "${First8D4707F1.Arn}"},
            "Action": ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
            "Condition": {
                "StringEquals": {"kms:EncryptionContext:purpose": "mail", "kms:EncryptionContext:tenant": "red"}
            },
        },
        {
            "Effect": "Allow",
            "Principal": {"AWS": ["${First8D4707F1.Arn}", "${Second394350F9.Arn}"]},
            "Action": "kms:Decrypt",
            "Condition": BLUE,
        },
        {"Effect": "Allow", "Principal": {"AWS": "${Third1125870F.Arn}"}, "Action": "kms:Decrypt"},
    ]


def test_a_grant_to_a_role_or_what_runs_as_one_is_bound(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    key.grant_decrypt(with_context(role(stack), {"tenant": "blue"}))
    key.grant_encrypt(with_context(function(stack), {"tenant": "blue"}))
    key.grant_decrypt(with_context(permission_set("Readers"), {"tenant": "blue"}))

    template = template_of(stack)
    assert [each["Condition"]["StringEquals"] for each in granted(template).values()] == [BLUE["StringEquals"]] * 3
    assert len(iam_statements(template)) == 2


def test_constructs_of_the_cdk_may_grant_what_carries_a_context(stack: cdk.Stack) -> None:
    queue = sqs.Queue(stack, "Queue", encryption_master_key=EncryptionKey(stack, "Key"))
    queue.grant_consume_messages(
        with_context(role(stack), {"aws:sqs:arn": "arn:aws:sqs:eu-west-1:111122223333:orders"})
    )

    (statement,) = granted(template_of(stack)).values()
    assert statement["Action"] == "kms:Decrypt"
    assert list(statement["Condition"]["StringEquals"]) == ["kms:EncryptionContext:aws:sqs:arn"]


def test_refuses_a_grant_of_a_construct_of_the_cdk_that_asks_for_more(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    before = key.checked_policy()

    # A refusal in the middle of a grant of the CDK comes out as the CDK's error, with its text whole.
    with pytest.raises(RuntimeError, match=REFUSED + "kms:EncryptionContext:tenant on kms:DescribeKey; allow these to"):
        bucket.grant_read(with_context(role(stack), {"tenant": "blue"}))
    assert key.checked_policy() == before


def test_what_carries_no_context_may_be_granted_beside_it(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    reader = role(stack)
    key.grant(reader, "kms:DescribeKey")
    key.grant_decrypt(with_context(reader, {"tenant": "blue"}))

    statements = granted(template_of(stack)).values()
    assert [(each["Action"], each.get("Condition")) for each in statements] == [
        ("kms:Decrypt", BLUE),
        ("kms:DescribeKey", None),
    ]


def test_refuses_a_context_with_an_asymmetric_key(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^decrypters: conditions must bind an encryption context only to"):
        AsymmetricEncryptionKey(stack, "Key", decrypters=[with_context(role(stack), {"tenant": "blue"})])


@pytest.mark.parametrize(
    "context", [{}, {"": "blue"}, {"tenant": ""}, {"tenant": 7}, {7: "blue"}, "tenant", ["tenant"], None]
)
def test_refuses_a_context_that_says_nothing(context: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        with_context(iam.AccountPrincipal("111122223333"), context)
    assert str(refused.value) == (
        f'context must be a mapping of texts that are not empty, such as {{"tenant": "blue"}}, got {context!r}'
    )


def test_refuses_a_caller_who_is_nobody() -> None:
    nobody: Any = "arn:aws:iam::111122223333:role/Reader"
    with pytest.raises(ConfigurationError, match=r"^caller must be IAM principals or what has one, .*, got 'arn:aws:"):
        with_context(nobody, {"tenant": "blue"})


def test_conditions_that_a_caller_brings_stay(stack: cdk.Stack) -> None:
    caller: Any = iam.PrincipalWithConditions(role(stack), {"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    EncryptionKey(stack, "Key").grant_decrypt(with_context(caller, {"tenant": "blue"}))

    (statement,) = granted(template_of(stack)).values()
    assert statement["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}, **BLUE}
