"""Grants made on L1s find the construct behind a key; every other key in the stack is as it was."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey
from tests.support.synthesised import granted, iam_statements, only, resources, template_of

MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S")


def role(scope: cdk.Stack, construct_id: str = "Role") -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal())


def cfn(key: EncryptionKey) -> kms.CfnKey:
    child = key.node.default_child
    assert isinstance(child, kms.CfnKey)
    return child


def bucket(stack: cdk.Stack, key: EncryptionKey) -> s3.CfnBucket:
    by_default = s3.CfnBucket.ServerSideEncryptionByDefaultProperty(
        sse_algorithm="aws:kms", kms_master_key_id=key.key_arn
    )
    rule = s3.CfnBucket.ServerSideEncryptionRuleProperty(server_side_encryption_by_default=by_default)
    encryption = s3.CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[rule])
    return s3.CfnBucket(stack, "Bucket", bucket_encryption=encryption)


GRANTS: dict[str, tuple[Callable[[cdk.Stack, EncryptionKey, iam.IGrantable], Any], Any]] = {
    "key": (lambda _, key, reader: kms.KeyGrants.from_key(cfn(key)).decrypt(reader), "kms:Decrypt"),
    "bucket": (
        lambda stack, key, reader: s3.BucketGrants.from_bucket(bucket(stack, key)).read(reader),
        ["kms:Decrypt", "kms:DescribeKey"],
    ),
    "queue": (
        lambda stack, key, reader: sqs.QueueGrants.from_queue(
            sqs.CfnQueue(stack, "Queue", kms_master_key_id=key.key_arn)
        ).consume_messages(reader),
        "kms:Decrypt",
    ),
    "topic": (
        lambda stack, key, publisher: sns.TopicGrants.from_topic(
            sns.CfnTopic(stack, "Topic", kms_master_key_id=key.key_arn)
        ).publish(publisher),
        ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
    ),
}


@pytest.mark.parametrize("name", GRANTS)
def test_a_grant_on_an_l1_arrives_in_exact_actions(name: str, stack: cdk.Stack) -> None:
    grant, actions = GRANTS[name]
    grant(stack, EncryptionKey(stack, "Key"), role(stack))

    template = template_of(stack)
    (statement,) = granted(template).values()
    assert statement == {"Effect": "Allow", "Principal": {"AWS": "${Role1ABCC5F0.Arn}"}, "Action": actions}
    assert [each["Action"] for each in iam_statements(template)] == [actions]


def test_each_key_of_a_stack_gets_its_own_grants(stack: cdk.Stack) -> None:
    keys = [EncryptionKey(stack, name) for name in ("A", "B")]
    for key, construct_id in zip(keys, ("Reader", "Writer"), strict=True):
        kms.KeyGrants.from_key(cfn(key)).decrypt(role(stack, construct_id))

    policies = [key["Properties"]["KeyPolicy"] for key in resources(template_of(stack), "AWS::KMS::Key").values()]
    reader, writer = (str(policy["Statement"][-1]["Principal"]) for policy in policies)
    assert ("'Reader" in reader, "'Writer" in writer) == (True, True)


def test_keys_of_others_in_the_stack_are_granted_as_before(make_app: MakeApp) -> None:
    def policies(*also: str) -> list[Any]:
        stack = cdk.Stack(make_app(), "S")
        for construct_id in also:
            EncryptionKey(stack, construct_id)
        l1 = kms.CfnKey(stack, "L1", key_policy={"Version": "2012-10-17", "Statement": []})
        kms.KeyGrants.from_key(l1).decrypt(role(stack))
        kms.Key(stack, "L2").grant_decrypt(role(stack, "Other"))
        keys = resources(template_of(stack), "AWS::KMS::Key")
        return [key["Properties"]["KeyPolicy"] for name, key in keys.items() if not name.startswith("Ours")]

    assert len(policies()) == 2
    assert policies("Ours") == policies()


@pytest.mark.parametrize("name", sorted(set(GRANTS) - {"key"}))
def test_a_grant_on_what_is_encrypted_in_another_stack_arrives_in_exact_actions(name: str, make_app: MakeApp) -> None:
    app = make_app()
    keys, orders = cdk.Stack(app, "Keys"), cdk.Stack(app, "Orders")
    grant, actions = GRANTS[name]
    grant(orders, EncryptionKey(keys, "Key"), iam.Role(orders, "R", assumed_by=iam.AccountRootPrincipal()))

    (statement,) = granted(template_of(keys)).values()
    assert statement["Action"] == actions
    (allowed,) = only(template_of(orders), "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"][1:]
    assert allowed["Action"] == actions
