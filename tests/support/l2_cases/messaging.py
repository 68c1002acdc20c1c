"""Queues, topics and streams."""

import aws_cdk as cdk
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from tests.support.l2_case import (
    DATA_KEYS,
    ENCRYPT,
    ENCRYPT_DECRYPT,
    READ_WRITE,
    SEND,
    SOURCE,
    L2Case,
    Use,
    add_to,
    function,
    role,
)

CASES: list[L2Case] = []


def queue(key: kms.IKey, stack: cdk.Stack) -> sqs.Queue:
    """Make a queue under the key."""
    return sqs.Queue(stack, "Queue", encryption_master_key=key)


def stream(key: kms.IKey, stack: cdk.Stack) -> kinesis.Stream:
    """Make a stream under the key."""
    return kinesis.Stream(stack, "Stream", encryption_key=key)


@add_to(CASES, Use("FunctionServiceRole", READ_WRITE))
def queue_sent_to(key: kms.IKey, stack: cdk.Stack) -> None:
    queue(key, stack).grant_send_messages(function(stack))


@add_to(CASES, Use("Role", ("Decrypt",)))
def queue_consumed(key: kms.IKey, stack: cdk.Stack) -> None:
    queue(key, stack).grant_consume_messages(role(stack))


@add_to(CASES, Use("FunctionServiceRole", ("Decrypt",)))
def queue_as_event_source(key: kms.IKey, stack: cdk.Stack) -> None:
    function(stack).add_event_source(sources.SqsEventSource(queue(key, stack)))


@add_to(CASES, Use("lambda.amazonaws.com", ("Decrypt",)))
def event_source_filtered(key: kms.IKey, stack: cdk.Stack) -> None:
    pattern = lambda_.FilterCriteria.filter({"body": {"name": ["value"]}})
    plain = sqs.Queue(stack, "Queue")
    function(stack).add_event_source(sources.SqsEventSource(plain, filters=[pattern], filter_encryption=key))


@add_to(CASES, Use("FunctionServiceRole", ("Decrypt", *DATA_KEYS)))
def topic_published_to(key: kms.IKey, stack: cdk.Stack) -> None:
    sns.Topic(stack, "Topic", master_key=key).grant_publish(function(stack))


@add_to(CASES, Use("sns.amazonaws.com", ("Decrypt", "GenerateDataKey"), SOURCE))
def topic_feeds_a_queue(key: kms.IKey, stack: cdk.Stack) -> None:
    sns.Topic(stack, "Topic", master_key=key).add_subscription(subscriptions.SqsSubscription(queue(key, stack)))


@add_to(
    CASES,
    calls={'sns.deliver_dead_letters(topic_name="{stack}-TopicBFC7AF6E-*")': (Use("sns.amazonaws.com", SEND, SOURCE),)},
)
def dead_letters_of_a_subscription(key: kms.IKey, stack: cdk.Stack) -> None:
    to_function = subscriptions.LambdaSubscription(function(stack), dead_letter_queue=queue(key, stack))
    sns.Topic(stack, "Topic").add_subscription(to_function)


@add_to(CASES, Use("FunctionServiceRole", ("Decrypt",)))
def stream_read(key: kms.IKey, stack: cdk.Stack) -> None:
    stream(key, stack).grant_read(function(stack))


@add_to(CASES, Use("Role", ENCRYPT))
def stream_written(key: kms.IKey, stack: cdk.Stack) -> None:
    stream(key, stack).grant_write(role(stack))


@add_to(CASES, Use("Role", ENCRYPT_DECRYPT))
def stream_read_and_written(key: kms.IKey, stack: cdk.Stack) -> None:
    stream(key, stack).grant_read_write(role(stack))


@add_to(CASES, Use("FunctionServiceRole", ("Decrypt",)))
def stream_as_event_source(key: kms.IKey, stack: cdk.Stack) -> None:
    position = lambda_.StartingPosition.LATEST
    function(stack).add_event_source(sources.KinesisEventSource(stream(key, stack), starting_position=position))


@add_to(CASES, Use("DeliveryServiceRole", ENCRYPT_DECRYPT))
def delivery_stream_encrypted(key: kms.IKey, stack: cdk.Stack) -> None:
    encryption = firehose.StreamEncryption.customer_managed_key(key)
    target = firehose.S3Bucket(s3.Bucket(stack, "Bucket"))
    firehose.DeliveryStream(stack, "Delivery", destination=target, encryption=encryption)


@add_to(CASES, Use("DeliveryS3DestinationRole", ("DescribeKey", *READ_WRITE)))
def delivery_stream_to_an_encrypted_bucket(key: kms.IKey, stack: cdk.Stack) -> None:
    target = firehose.S3Bucket(s3.Bucket(stack, "Bucket", encryption_key=key), encryption_key=key)
    firehose.DeliveryStream(stack, "Delivery", destination=target)
