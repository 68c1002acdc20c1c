"""An app with a secret that a function rotates, one whose generator is to be changed, and one that people write."""

from pathlib import Path

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
from tests.conftest import FLAGS

PEOPLE = ("Reader", "Writer", "Administrator", "KeyAdministrator", "Stranger")
"""The roles. What the secrets do not give them, each has from IAM."""


class SecretsStack(cdk.Stack):
    """Secrets under one key, and people who may do everything with secrets as far as IAM goes."""

    def __init__(self, app: cdk.App, *, length: int) -> None:
        """Define them.

        Args:
            app: The app.
            length: Of the drawn values.
        """
        super().__init__(app, "Secrets")
        people = {name: self._person(name) for name in PEOPLE}
        self._key = EncryptionKey(
            self,
            "Key",
            lifecycle=Lifecycle.EPHEMERAL,
            services=["secretsmanager"],
            administrators=[people["KeyAdministrator"]],
        )
        operations = EncryptionKey(self, "OperationsKey", lifecycle=Lifecycle.EPHEMERAL, services=["logs"])
        content = Generated.text(length=length)
        rotation = RotationFunction(self, "Rotation", content=Generated.text(), operations_key=operations)
        for name, held, rotated in (
            (
                "Rotated",
                Generated.text(),
                ByFunction(function=rotation.function, schedule=RotationSchedule.every(cdk.Duration.days(30))),
            ),
            ("Drawn", content, None),
            ("Written", Supplied.text(), None),
        ):
            secret = ManagedSecret(
                self,
                name,
                encryption_key=self._key,
                content=held,
                readers=[people["Reader"]],
                writers=[people["Writer"]],
                administrators=[people["Administrator"]],
                rotation=rotated,
                lifecycle=Lifecycle.EPHEMERAL,
            )
            cdk.CfnOutput(self, f"{name}Arn", value=secret.secret_arn)

    def _person(self, name: str) -> iam.Role:
        role = iam.Role(self, name, assumed_by=iam.AccountRootPrincipal())
        role.add_to_policy(iam.PolicyStatement(actions=["secretsmanager:*"], resources=["*"]))
        if name in {"KeyAdministrator", "Stranger"}:
            role.add_to_policy(iam.PolicyStatement(actions=["kms:*"], resources=["*"]))
        cdk.CfnOutput(self, f"{name}RoleArn", value=role.role_arn)
        return role


def synthesised(folder: Path, *, length: int = 48) -> cx_api.CloudAssembly:
    """Synthesise the app into an empty folder, bundled.

    Args:
        folder: Where.
        length: Of the values that are drawn once.
    """
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )
    SecretsStack(app, length=length)
    return app.synth()
