"""How do I move old messages to another key, and let nobody see their plaintext on the way?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import CommitmentPolicy, EncryptionKey, EnvelopeReencryption


def define(app: cdk.App) -> None:
    """Define a function that reads messages of older AWS Encryption SDKs and writes them anew under another key."""
    stack = cdk.Stack(app, "Migration")
    storage_key = EncryptionKey(stack, "StorageKey", alias="messages/storage", services=["s3"])
    messages = s3.Bucket(
        stack, "Messages", encryption_key=storage_key, bucket_key_enabled=True, enforce_ssl=True, versioned=True
    )
    migration = EnvelopeReencryption(
        stack,
        "Reencryption",
        from_keys=[EncryptionKey(stack, "OldKey", alias="messages/2024", services=[])],
        to_key=EncryptionKey(stack, "NewKey", alias="messages/2026", services=[]),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="messages/logs", services=["logs"]),
        required_context=["purpose"],
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT,
    )
    migration.reencrypt_objects(
        source=messages, source_prefix="2024/", destination=messages, destination_prefix="2026/"
    )
    operator = iam.Role(stack, "Operator", assumed_by=iam.AccountRootPrincipal())
    migration.grant_invoke(operator)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
