"""How do I rotate the key of an API that is not of AWS?"""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import (
    ByFunction,
    EncryptionKey,
    Generated,
    ManagedSecret,
    RotationFunction,
    RotationSchedule,
    ServiceStep,
    Supplied,
    WhenChanged,
)

STEP = Path(__file__).resolve().parent / "warehouse_step"


def define(app: cdk.App) -> None:
    """Define an API key that somebody puts once, and what draws a new one each month and tells the warehouse of it."""
    stack = cdk.Stack(app, "Warehouse", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    rotation = RotationFunction(
        stack,
        "Rotation",
        content=Generated.json(fields={}, generated_field="key", length=64),  # other fields stay as they were put
        operations_key=EncryptionKey(stack, "OperationsKey", alias="warehouse-logs", services=["logs"]),
        step=ServiceStep(folder=STEP, entry="warehouse_api:Warehouse"),
    )
    ManagedSecret(
        stack,
        "ApiKey",
        encryption_key=EncryptionKey(stack, "SecretKey", alias="warehouse-secrets", services=["secretsmanager"]),
        content=Supplied.json("url", "client", "key"),
        writers=[iam.ArnPrincipal("arn:aws:iam::111122223333:role/warehouse-keeper")],
        rotation=ByFunction(
            function=rotation.function,
            schedule=RotationSchedule.every(cdk.Duration.days(30), window=cdk.Duration.hours(4)),
            when_changed=WhenChanged.WAIT_FOR_THE_WINDOW,  # while nobody has put the first key
        ),
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
