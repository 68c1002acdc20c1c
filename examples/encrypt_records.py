"""How do I encrypt each record of a stream, without a call of KMS for each, and open them again elsewhere?"""

import aws_cdk as cdk
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_sqs as sqs

from constructs_lib import DataKeyLimits, Direction, EncryptionKey, RecordEncryption

CONTEXT = {"purpose": "clicks"}


def define(app: cdk.App) -> None:
    """Define a stream of plaintext, one of messages, and a queue in which the same records are plaintext again."""
    stack = cdk.Stack(app, "Clicks")
    envelope_key = EncryptionKey(stack, "EnvelopeKey", alias="clicks", services=[])
    transport_key = EncryptionKey(stack, "TransportKey", alias="clicks/transport", services=["sqs", "kinesis"])
    operations_key = EncryptionKey(stack, "OperationsKey", alias="clicks/logs", services=["logs"])
    clicks = kinesis.Stream(stack, "Clicks", encryption_key=transport_key)
    sealed = kinesis.Stream(stack, "Sealed", encryption_key=transport_key)
    opened = sqs.Queue(stack, "Opened", encryption_master_key=transport_key, enforce_ssl=True)
    RecordEncryption(
        stack,
        "Encrypt",
        direction=Direction.ENCRYPT,
        source=clicks,
        destination=sealed,
        encryption_key=envelope_key,
        transport_key=transport_key,
        operations_key=operations_key,
        encryption_context=CONTEXT,
        data_keys=DataKeyLimits(max_age=cdk.Duration.minutes(1), max_messages=5_000),
    )
    RecordEncryption(
        stack,
        "Decrypt",
        direction=Direction.DECRYPT,
        source=sealed,
        destination=opened,
        encryption_key=envelope_key,
        transport_key=transport_key,
        operations_key=operations_key,
        encryption_context=CONTEXT,
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
