"""An app whose secrets open a warehouse: of one user, of two who take turns, and a key; the first is in two Regions."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import cx_api

from constructs_lib import (
    AlternatingUsers,
    ByFunction,
    EncryptionKey,
    Generated,
    Lifecycle,
    ManagedSecret,
    Replica,
    RotationFunction,
    RotationSchedule,
    ServiceStep,
    Supplied,
    WhenChanged,
)
from tests.conftest import FLAGS

HERE, THERE = "eu-central-1", "us-east-1"
KINDS = ("One", "Two", "Key")
"""The secrets."""

_STEP = Path(__file__).with_name("warehouse_step")
_CLERK, _SHOP, _ADMIN = (
    Generated.json(fields={"username": name}, generated_field="password") for name in ("clerk", "shop", "admin")
)


class WarehouseStack(cdk.Stack):
    """Three secrets, three functions, and people."""

    def __init__(self, app: cdk.App, *, account: str, there: EncryptionKey, url: str) -> None:
        """Define them.

        Args:
            app: The app.
            account: Where.
            there: The key of the replica.
            url: Of the warehouse.
        """
        super().__init__(app, "Warehouse", env=cdk.Environment(account=account, region=HERE))
        key = EncryptionKey(self, "Key", lifecycle=Lifecycle.EPHEMERAL, services=["secretsmanager"])
        self._logs = EncryptionKey(self, "OperationsKey", lifecycle=Lifecycle.EPHEMERAL, services=["logs"])
        self._url = url
        self._settings: dict[str, Any] = {"encryption_key": key, "lifecycle": Lifecycle.EPHEMERAL}
        for argument, name in (("readers", "Reader"), ("writers", "Writer"), ("administrators", "Administrator")):
            self._settings[argument] = [self._person(name)]
        self._person("Stranger", "kms:*", "secretsmanager:*")
        superuser = ManagedSecret(self, "Admin", content=_ADMIN, **self._settings)
        cdk.CfnOutput(self, "AdminArn", value=superuser.secret_arn)
        alternating, copy = AlternatingUsers(superuser=superuser), Replica(region=THERE, encryption_key=there)
        one = self._function("OneUser", content=_CLERK, entry="Passwords")
        two = self._function("TwoUsers", content=_SHOP, entry="Passwords", alternating=alternating)
        self._secret("One", one, _CLERK, secret_name="clerk", replicas=[copy])
        self._secret("Two", two, _SHOP)
        issued = Supplied.text()
        self._secret("Key", self._function("Issued", content=issued, entry="Keys"), issued)

    def _function(self, construct_id: str, *, entry: str, **settings: Any) -> lambda_.Function:
        step = ServiceStep(folder=_STEP, entry=f"warehouse_step:{entry}")
        function = RotationFunction(self, construct_id, operations_key=self._logs, step=step, **settings).function
        function.add_environment("WAREHOUSE_URL", self._url)
        cdk.CfnOutput(self, f"{construct_id}Logs", value=function.log_group.log_group_name)
        return function

    def _secret(self, kind: str, function: lambda_.Function, content: Generated | Supplied, **settings: Any) -> None:
        rotation = ByFunction(
            function=function,
            schedule=RotationSchedule.every(cdk.Duration.days(30), window=cdk.Duration.hours(4)),
            when_changed=WhenChanged.WAIT_FOR_THE_WINDOW,  # the warehouse knows nobody yet
        )
        made = ManagedSecret(self, f"{kind}Secret", content=content, rotation=rotation, **self._settings, **settings)
        cdk.CfnOutput(self, f"{kind}Arn", value=made.secret_arn)
        cdk.CfnOutput(self, f"{kind}Function", value=function.function_arn)

    def _person(self, name: str, *actions: str) -> iam.Role:
        role = iam.Role(self, name, assumed_by=iam.AccountRootPrincipal(), role_name=f"warehouse-{name.lower()}")
        if actions:
            role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=["*"]))
        cdk.CfnOutput(self, f"{name}Role", value=role.role_arn)
        return role


def warehouse_app(folder: Path, *, account: str, url: str) -> cx_api.CloudAssembly:
    """Synthesise both stacks into an empty folder, bundled.

    Args:
        folder: Where.
        account: The account.
        url: Of the warehouse.
    """
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )
    copies = cdk.Stack(app, "Copies", env=cdk.Environment(account=account, region=THERE))
    roles = (f"arn:aws:iam::{account}:role/cdk-hnb659fds-cfn-exec-role-{account}-{region}" for region in (HERE, THERE))
    there = EncryptionKey(
        copies,
        "Key",
        alias="copies",
        lifecycle=Lifecycle.EPHEMERAL,
        services=["secretsmanager"],
        deployers=[iam.ArnPrincipal(role) for role in roles],
    )
    WarehouseStack(app, account=account, there=there, url=url)
    return app.synth()
