"""An app that imports a certificate: a stack with the secret, which is deployed first, and one with the certificate."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import cx_api

from constructs_lib import EncryptionKey, Lifecycle, ManagedSecret, Supplied
from constructs_lib.imported_certificate import ImportedCertificate
from tests.conftest import FLAGS

NAME = "shop.example.com"


class VaultStack(cdk.Stack):
    """The secret with its writer, and another one of the same kind."""

    def __init__(self, app: cdk.App) -> None:
        """Define them."""
        super().__init__(app, "Vault")
        key = EncryptionKey(
            self, "Key", alias="certificates", lifecycle=Lifecycle.EPHEMERAL, services=["secretsmanager"]
        )
        writer = iam.Role(self, "Writer", assumed_by=iam.AccountRootPrincipal())
        self.secret, neighbour = (
            ManagedSecret(
                self,
                name,
                encryption_key=key,
                content=Supplied.certificate(),
                writers=[writer],
                lifecycle=Lifecycle.EPHEMERAL,
            )
            for name in ("Secret", "Neighbour")
        )
        cdk.CfnOutput(self, "SecretArn", value=self.secret.secret_arn)
        cdk.CfnOutput(self, "NeighbourArn", value=neighbour.secret_arn)
        cdk.CfnOutput(self, "WriterArn", value=writer.role_arn)


class ShopStack(cdk.Stack):
    """The certificate of that secret."""

    def __init__(self, app: cdk.App, vault: VaultStack) -> None:
        """Define it.

        Args:
            app: The app.
            vault: Where the secret is.
        """
        super().__init__(app, "Shop")
        operations = EncryptionKey(
            self, "OperationsKey", alias="operations", lifecycle=Lifecycle.EPHEMERAL, services=["logs"]
        )
        certificate = ImportedCertificate(
            self,
            "Certificate",
            secret=vault.secret,
            domain_names=[NAME],
            operations_key=operations,
        )
        cdk.CfnOutput(self, "CertificateArn", value=certificate.certificate_arn)
        cdk.CfnOutput(self, "FunctionName", value=certificate.function.function_name)
        cdk.CfnOutput(self, "LogGroupName", value=certificate.function.log_group.log_group_name)
        cdk.CfnOutput(self, "RoleName", value=certificate.role.role_name)


def import_app(folder: Path) -> cx_api.CloudAssembly:
    """Synthesise both stacks into an empty folder, bundled.

    Args:
        folder: Where.
    """
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )
    ShopStack(app, VaultStack(app))
    return app.synth()
