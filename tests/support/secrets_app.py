"""An app with a secret that a function rotates, one that people write, and one whose generator is to be changed."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import cx_api

from constructs_lib import (
    ByFunction,
    EncryptionKey,
    Generated,
    Lifecycle,
    ManagedSecret,
    RotationFunction,
    RotationSchedule,
    Supplied,
)
from constructs_lib.secrets.contents import Content
from tests.conftest import FLAGS

PEOPLE = ("Reader", "Writer", "Administrator", "KeyAdministrator", "Stranger")
"""Roles that may do everything with secrets as far as IAM goes, and two of them with keys as well."""


class SecretsStack(cdk.Stack):
    """Two secrets under one key, and people."""

    def __init__(self, app: cdk.App) -> None:
        """Define them."""
        super().__init__(app, "Secrets")
        people = {name: self._person(name) for name in PEOPLE}
        key = EncryptionKey(
            self,
            "Key",
            lifecycle=Lifecycle.EPHEMERAL,
            services=["secretsmanager"],
            administrators=[people["KeyAdministrator"]],
        )
        operations = EncryptionKey(self, "OperationsKey", lifecycle=Lifecycle.EPHEMERAL, services=["logs"])
        drawn = Generated.text()
        function = RotationFunction(self, "Rotation", content=drawn, operations_key=operations).function
        schedule = RotationSchedule.every(cdk.Duration.days(30), window=cdk.Duration.hours(4))
        settings: dict[str, Any] = {
            "encryption_key": key,
            "readers": [people["Reader"]],
            "writers": [people["Writer"]],
            "administrators": [people["Administrator"]],
            "lifecycle": Lifecycle.EPHEMERAL,
        }
        rotation = ByFunction(function=function, schedule=schedule)
        rotated = ManagedSecret(self, "Rotated", content=drawn, rotation=rotation, **settings)
        written = ManagedSecret(self, "Written", content=Supplied.text(), **settings)
        cdk.CfnOutput(self, "RotatedArn", value=rotated.secret_arn)
        cdk.CfnOutput(self, "WrittenArn", value=written.secret_arn)
        cdk.CfnOutput(self, "LogGroupName", value=function.log_group.log_group_name)

    def _person(self, name: str) -> iam.Role:
        role = iam.Role(self, name, assumed_by=iam.AccountRootPrincipal())
        role.add_to_policy(iam.PolicyStatement(actions=["secretsmanager:*"], resources=["*"]))
        if name in {"KeyAdministrator", "Stranger"}:
            role.add_to_policy(iam.PolicyStatement(actions=["kms:*"], resources=["*"]))
        cdk.CfnOutput(self, f"{name}Arn", value=role.role_arn)
        return role


class DrawnStack(cdk.Stack):
    """One secret that outlives its stack, under a key of another one, and its reader."""

    def __init__(self, app: cdk.App, content: Content, secret_name: str | None = None) -> None:
        """Define it.

        Args:
            app: The app.
            content: What the secret holds.
            secret_name: What it is called. Default: what CloudFormation draws.
        """
        keys = cdk.Stack(app, "Keys")
        key = EncryptionKey(keys, "Key", alias="drawn", lifecycle=Lifecycle.EPHEMERAL, services=["secretsmanager"])
        super().__init__(app, "Drawn")
        reader = iam.Role(self, "Reader", role_name="reader-of-drawn", assumed_by=iam.AccountRootPrincipal())
        secret = ManagedSecret(
            self, "Secret", encryption_key=key, content=content, secret_name=secret_name, readers=[reader]
        )
        cdk.CfnOutput(self, "SecretArn", value=secret.secret_arn)
        cdk.CfnOutput(self, "ReaderArn", value=reader.role_arn)


def secrets_app(folder: Path) -> cx_api.CloudAssembly:
    """Synthesise all stacks into an empty folder, bundled.

    Args:
        folder: Where.
    """
    app = _app(folder)
    SecretsStack(app)
    DrawnStack(app, Generated.text())
    return app.synth()


def drawn_template(folder: Path, content: Content, secret_name: str | None = None) -> dict[str, Any]:
    """Synthesise the one secret with another content or name, and return its template.

    Args:
        folder: Where; empty.
        content: What the secret holds.
        secret_name: What it is called.
    """
    app = _app(folder)
    DrawnStack(app, content, secret_name)
    found: dict[str, Any] = app.synth().get_stack_by_name("Drawn").template
    return found


def _app(folder: Path) -> cdk.App:
    return cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )
