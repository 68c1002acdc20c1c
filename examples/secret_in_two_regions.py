"""How do I read the same secret in a second Region, under a key of that Region?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, Generated, ManagedSecret, Replica

ACCOUNT = "111122223333"
IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


def define(app: cdk.App) -> None:
    """Define a secret of Ireland with a replica in Frankfurt, which one role reads in both."""
    frankfurt, ireland = (
        cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))
        for name, region in (("Frankfurt", FRANKFURT), ("Ireland", IRELAND))
    )
    reader = iam.Role(
        ireland, "Reader", role_name="orders-reader", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")
    )
    there = EncryptionKey(
        frankfurt,
        "Key",
        alias="orders-secrets",
        services=["secretsmanager"],
        # Whoever deploys the secret makes its replica too, and is of Ireland.
        deployers=[deployer(IRELAND), deployer(FRANKFURT)],
    )
    ManagedSecret(
        ireland,
        "Token",
        encryption_key=EncryptionKey(ireland, "Key", alias="orders-secrets", services=["secretsmanager"]),
        content=Generated.text(),
        secret_name="orders/token",  # noqa: S106  # a name, the same in both Regions
        readers=[reader],
        replicas=[Replica(region=FRANKFURT, encryption_key=there)],
    )


def deployer(region: str) -> iam.ArnPrincipal:
    """Give the role with which CloudFormation deploys in a Region."""
    return iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{region}")


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
