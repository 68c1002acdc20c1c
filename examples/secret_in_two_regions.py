"""How do I read the same secret in a second Region, under a key of that Region?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, Generated, ManagedSecret, Replica

ACCOUNT = "111122223333"
DEPLOYERS = [
    iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{region}")
    for region in ("eu-west-1", "eu-central-1")
]


def define(app: cdk.App) -> None:
    """Define a secret of Ireland with a replica in Frankfurt, which one role reads in both."""
    frankfurt = cdk.Stack(app, "Frankfurt", env=cdk.Environment(account=ACCOUNT, region="eu-central-1"))
    ireland = cdk.Stack(app, "Ireland", env=cdk.Environment(account=ACCOUNT, region="eu-west-1"))
    reader = iam.Role(
        ireland, "Reader", role_name="orders-reader", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")
    )
    # Whoever deploys the secret makes its replica, so the key of the replica admits both deployers.
    there = EncryptionKey(frankfurt, "Key", alias="orders-secrets", services=["secretsmanager"], deployers=DEPLOYERS)
    ManagedSecret(
        ireland,
        "Token",
        encryption_key=EncryptionKey(ireland, "Key", alias="orders-secrets", services=["secretsmanager"]),
        content=Generated.text(),
        secret_name="orders/token",  # noqa: S106  # a name, the same in both Regions
        readers=[reader],
        replicas=[Replica(region="eu-central-1", encryption_key=there)],
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
