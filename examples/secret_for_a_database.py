"""How do I have the login of a database drawn, attached and rotated, without anybody who knows it?"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds

from constructs_lib import (
    DatabaseEngine,
    EncryptionKey,
    FunctionNetwork,
    Generated,
    Hosted,
    HostedEngine,
    ManagedSecret,
    RotationSchedule,
)


def define(app: cdk.App) -> None:
    """Define a database in a network that exists, and its login, which AWS's own function rotates each week."""
    stack = cdk.Stack(app, "Ledger", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0a1b2c3d4e5f60718",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
        private_subnet_route_table_ids=["rtb-0a1b2c3d4e5f60718", "rtb-0b1c2d3e4f5061728"],
    )
    rotating = ec2.SecurityGroup(stack, "Rotating", vpc=vpc, description="The rotation function of the login")
    login = ManagedSecret(
        stack,
        "Login",
        encryption_key=EncryptionKey(stack, "SecretKey", alias="ledger-secrets", services=["secretsmanager"]),
        content=Generated.database(engine=DatabaseEngine.POSTGRES, username="ledger"),
        rotation=Hosted(
            engine=HostedEngine.POSTGRESQL,
            function_name="ledger-login-rotation",
            schedule=RotationSchedule.cron("cron(0 3 ? * SUN *)", window=cdk.Duration.hours(2)),
            network=FunctionNetwork(vpc=vpc, security_groups=[rotating]),
        ),
    )
    database = rds.DatabaseInstance(
        stack,
        "Database",
        engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17),
        vpc=vpc,
        credentials=rds.Credentials.from_secret(login),  # which attaches it: host and port come from the database
        storage_encryption_key=EncryptionKey(stack, "StorageKey", alias="ledger-storage", services=["rds"]),
    )
    database.connections.allow_default_port_from(rotating)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
