"""How do I encrypt in one Region and decrypt in another, with a key of each Region's own policy?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import MultiRegionKey


def define(app: cdk.App) -> None:
    """Define a key in two Regions, a bucket in each, and who reads there, who reads everywhere and who writes."""
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
    for stack in (ireland, virginia):
        bucket = s3.Bucket(stack, "Bucket", encryption_key=key.in_region_of(stack), bucket_key_enabled=True)
        reader = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
        bucket.grant_read(reader)  # in this Region alone


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
