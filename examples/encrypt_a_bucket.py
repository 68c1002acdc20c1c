"""How do I encrypt a bucket and let exactly one role read it?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import EncryptionKey


def define(app: cdk.App) -> None:
    """Define one stack with a key, a bucket and a reader."""
    stack = cdk.Stack(app, "Orders")
    key = EncryptionKey(stack, "Key", alias="orders", services=["s3"])
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key, bucket_key_enabled=True, enforce_ssl=True)
    reader = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    bucket.grant_read(reader)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
