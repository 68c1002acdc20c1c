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
    HostedUsers,
    ManagedSecret,
    RotationSchedule,
    WhenChanged,
)

POSTGRES = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)


def define(app: cdk.App) -> None:
    """Define a database in a network that exists, its superuser, and a login whose two users take turns."""
    stack = cdk.Stack(app, "Ledger", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0a1b2c3d4e5f60718",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
        private_subnet_route_table_ids=["rtb-0a1b2c3d4e5f60718", "rtb-0b1c2d3e4f5061728"],
    )
    group = ec2.SecurityGroup(stack, "Rotating", vpc=vpc, description="AWS's functions that rotate the logins")
    network = FunctionNetwork(vpc=vpc, security_groups=[group])
    key = EncryptionKey(stack, "SecretKey", alias="ledger-secrets", services=["secretsmanager"])
    superuser = ManagedSecret(
        stack,
        "Superuser",
        encryption_key=key,
        content=Generated.database(engine=DatabaseEngine.POSTGRES, username="postgres"),
        rotation=Hosted(
            engine=DatabaseEngine.POSTGRES,
            function_name="ledger-superuser-rotation",
            schedule=RotationSchedule.cron("cron(0 3 1 * ? *)"),
            network=network,
        ),
    )
    database = rds.DatabaseInstance(
        stack,
        "Database",
        engine=POSTGRES,
        vpc=vpc,
        credentials=rds.Credentials.from_secret(superuser),  # which attaches it: its host is that of the database
        storage_encryption_key=EncryptionKey(stack, "StorageKey", alias="ledger-storage", services=["rds"]),
    )
    database.connections.allow_default_port_from(group)
    login = ManagedSecret(
        stack,
        "Login",
        encryption_key=key,
        content=Generated.database(engine=DatabaseEngine.POSTGRES, username="ledger", superuser=superuser),
        rotation=Hosted(
            engine=DatabaseEngine.POSTGRES,
            function_name="ledger-login-rotation",
            users=HostedUsers.ALTERNATING,
            superuser=superuser,
            schedule=RotationSchedule.cron("cron(0 4 ? * SUN *)", window=cdk.Duration.hours(2)),
            network=network,
            when_changed=WhenChanged.WAIT_FOR_THE_WINDOW,  # a migration makes the first user; rotation makes the other
        ),
    )
    login.attach(database)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
