"""Grants that do not come through the key's own methods, and L1 resources that find the key themselves."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from tests.support.l2_case import ENCRYPT, L2Case, Use, add_to, role

CASES: list[L2Case] = []


@add_to(CASES, Use("Role", ("Decrypt",)))
def role_granted_by_the_key(key: kms.IKey, stack: cdk.Stack) -> None:
    key.grant_decrypt(role(stack))


@add_to(CASES, Use("User", ENCRYPT))
def user_granted_by_the_key(key: kms.IKey, stack: cdk.Stack) -> None:
    key.grant_encrypt(iam.User(stack, "User"))


@add_to(CASES, Use("Role", ("Decrypt",)))
def role_granted_by_an_alias(key: kms.IKey, stack: cdk.Stack) -> None:
    kms.Alias(stack, "Alias", alias_name="alias/other", target_key=key).grant_decrypt(role(stack))


@add_to(CASES, Use("Role", ("Decrypt",)))
def role_granted_by_key_grants(key: kms.IKey, stack: cdk.Stack) -> None:
    kms.KeyGrants.from_key(key, False).decrypt(role(stack))  # noqa: FBT003  # the CDK takes it by position only


@add_to(CASES, Use("Role", ("Decrypt", "DescribeKey")))
def bucket_of_level_one_read(key: kms.IKey, stack: cdk.Stack) -> None:
    by_default = s3.CfnBucket.ServerSideEncryptionByDefaultProperty(
        sse_algorithm="aws:kms", kms_master_key_id=key.key_arn
    )
    rule = s3.CfnBucket.ServerSideEncryptionRuleProperty(server_side_encryption_by_default=by_default)
    encryption = s3.CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[rule])
    resource = s3.CfnBucket(stack, "Bucket", bucket_encryption=encryption)
    s3.BucketGrants.from_bucket(resource).read(role(stack))


@add_to(CASES, Use("Role", ("Decrypt",)))
def queue_of_level_one_consumed(key: kms.IKey, stack: cdk.Stack) -> None:
    resource = sqs.CfnQueue(stack, "Queue", kms_master_key_id=key.key_id)
    sqs.QueueGrants.from_queue(resource).consume_messages(role(stack))


@add_to(CASES, Use("Role", ("Decrypt", "DescribeKey")))
def table_of_level_one_read(key: kms.IKey, stack: cdk.Stack) -> None:
    resource = dynamodb.CfnTable(
        stack,
        "Table",
        billing_mode="PAY_PER_REQUEST",
        key_schema=[dynamodb.CfnTable.KeySchemaProperty(attribute_name="name", key_type="HASH")],
        attribute_definitions=[
            dynamodb.CfnTable.AttributeDefinitionProperty(attribute_name="name", attribute_type="S")
        ],
        sse_specification=dynamodb.CfnTable.SSESpecificationProperty(
            sse_enabled=True, kms_master_key_id=key.key_arn, sse_type="KMS"
        ),
    )
    dynamodb.TableGrants.from_table(resource).read_data(role(stack))
