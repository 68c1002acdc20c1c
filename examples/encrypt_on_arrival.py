"""How do I have every object that arrives in a bucket encrypted, so that its administrators cannot read it?"""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from constructs_lib import EncryptionKey, EncryptOnArrival


def define(app: cdk.App) -> None:
    """Define a bucket whose plaintext is gone after a day, one of messages, and what encrypts from one to the other."""
    stack = cdk.Stack(app, "Uploads")
    storage_key = EncryptionKey(stack, "StorageKey", alias="uploads/storage", services=["s3"])
    arrivals = s3.Bucket(
        stack,
        "Arrivals",
        encryption_key=storage_key,
        bucket_key_enabled=True,
        enforce_ssl=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(1))],
    )
    messages = s3.Bucket(
        stack, "Messages", encryption_key=storage_key, bucket_key_enabled=True, enforce_ssl=True, versioned=True
    )
    arrival = EncryptOnArrival(
        stack,
        "Arrival",
        source=arrivals,
        destination=messages,
        encryption_key=EncryptionKey(stack, "EnvelopeKey", alias="uploads", services=[]),
        transport_key=EncryptionKey(stack, "TransportKey", alias="uploads/queues", services=["sqs"]),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="uploads/logs", services=["logs"]),
        encryption_context={"purpose": "uploads"},
    )
    cdk.CfnOutput(stack, "DeadLetters", value=arrival.dead_letter_queue.queue_url)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
