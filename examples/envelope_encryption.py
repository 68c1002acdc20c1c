"""How do I encrypt records before they reach a data store, so that its administrators cannot read them?"""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_

from constructs_lib import EncryptionKey, EnvelopeEncryption


def define(app: cdk.App) -> None:
    """Define envelope functions, a table, and a function that stores only encrypted records."""
    stack = cdk.Stack(app, "Records")
    envelope = EnvelopeEncryption(
        stack,
        "Envelope",
        encryption_key=EncryptionKey(stack, "EnvelopeKey", alias="records", services=[]),
        operations_key=EncryptionKey(stack, "OperationsKey", services=["logs"]),
        required_context=["table", "record"],
    )
    table = dynamodb.TableV2(
        stack, "Table", partition_key=dynamodb.Attribute(name="record", type=dynamodb.AttributeType.STRING)
    )
    ingest = lambda_.Function(
        stack,
        "Ingest",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
        environment={"ENCRYPT_FUNCTION": envelope.encrypt_function.function_name},
    )
    envelope.grant_invoke_encrypt(ingest)
    table.grant_write_data(ingest)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
