"""How do I encrypt in one Region and decrypt in another, with a key of each Region's own policy?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import MultiRegionKey


def define(app: cdk.App) -> None:
    """Define a key in two Regions, a bucket in each, copies in the other, and who reads where and who writes."""
    ireland = cdk.Stack(app, "OrdersIreland", env=cdk.Environment(region="eu-west-1"))
    virginia = cdk.Stack(app, "OrdersVirginia", env=cdk.Environment(region="us-east-1"))
    writer = iam.Role(ireland, "Writer", assumed_by=iam.AccountRootPrincipal(), role_name="orders-writer")
    recovery = iam.Role(virginia, "Recovery", assumed_by=iam.AccountRootPrincipal(), role_name="orders-recovery")
    key = MultiRegionKey(
        ireland,
        "Key",
        replicas=[virginia],
        alias="orders",
        encrypters=[writer],  # in both Regions
        decrypters=[recovery],
        services=["s3"],
    )
    copies = s3.Bucket(
        ireland,
        "Bucket",
        bucket_name="example-orders-copies",  # literal, so that another Region can refer to it
        encryption_key=key,
        bucket_key_enabled=True,
        versioned=True,
    )
    orders = s3.Bucket(
        virginia,
        "Bucket",
        encryption_key=key.in_region_of(virginia),
        bucket_key_enabled=True,
        versioned=True,
        # Ireland is deployed first: S3 replicates to a bucket that exists, and encrypts with the key of its Region.
        replication_rules=[s3.ReplicationRule(destination=copies, sse_kms_encrypted_objects=True, kms_key=key)],
    )
    for stack, bucket in ((ireland, copies), (virginia, orders)):
        bucket.grant_read(iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal()))  # in this Region alone


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
