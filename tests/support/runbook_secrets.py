"""The secrets on which a runbook is followed: one that is rotated, two with a replica, and their people."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from constructs_lib import ByFunction, EncryptionKey, Lifecycle, ManagedSecret, RotationSchedule, Supplied
from constructs_lib.secrets.replicas import Replica
from constructs_lib.secrets.rotation import WhenChanged
from tests.support.stack_operation import StackOperation

if TYPE_CHECKING:
    from local_aws import LocalAws

PEOPLE_OF_SECRETS = {"Keeper": "administrator of the secret", "Reader": "reader", "Writer": "writer"}
REPLICA_REGION = "us-east-1"
_CODE = """
import boto3

def handler(event, context):
    client, arn, token = boto3.client("secretsmanager"), event["SecretId"], event["ClientRequestToken"]
    if event["Step"] == "createSecret":
        client.put_secret_value(SecretId=arn, ClientRequestToken=token, SecretString="rotated",
                                VersionStages=["AWSPENDING"], RotationToken=event["RotationToken"])
    if event["Step"] == "finishSecret":
        versions = client.describe_secret(SecretId=arn)["VersionIdsToStages"]
        current = next(each for each, labels in versions.items() if "AWSCURRENT" in labels)
        client.update_secret_version_stage(SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token,
                                           RemoveFromVersionId=current)
        client.update_secret_version_stage(SecretId=arn, VersionStage="AWSPENDING", RemoveFromVersionId=token)
"""


class RunbookSecrets:
    """The secrets.

    Attributes:
        out: The ARN of each secret, as `RotatedSecret`, and of each role, as `ReaderRole`.
    """

    def __init__(self, aws: "LocalAws", deployer: str, folder: Path) -> None:
        """Deploy them.

        Args:
            aws: An embedded AWS.
            deployer: The role that deploys.
            folder: Where; new.
        """
        self._aws = aws
        elsewhere: Any = aws.session().client("kms", region_name=REPLICA_REGION)
        key_of_replica = str(elsewhere.create_key()["KeyMetadata"]["Arn"])
        app = cdk.App(
            outdir=str(folder),
            analytics_reporting=False,
            tree_metadata=False,
            builtin_cloud_formation_validation=False,
        )
        environment = cdk.Environment(account=aws.account, region=aws.region)
        _define(cdk.Stack(app, "Secrets", env=environment), deployer, key_of_replica)
        template: Any = app.synth().get_stack_by_name("Secrets").template
        outputs = {name: each["Value"] for name, each in template["Outputs"].items()}
        created = StackOperation(aws.session(), deployer).create(template["Resources"], outputs, name="Secrets")
        assert created.status == "CREATE_COMPLETE", created.failures
        self.out = created.outputs

    def versions(self, secret: str) -> dict[str, str]:
        """Return the versions of a secret by their labels."""
        client: Any = self._aws.session().client("secretsmanager")
        found = client.list_secret_version_ids(SecretId=self.out[secret], IncludeDeprecated=True)["Versions"]
        return {label: each["VersionId"] for each in found for label in each.get("VersionStages", ())}

    def wait_for_version(self, secret: str, former: str) -> None:
        """Wait until another version than the former is the current one, and none is pending."""
        deadline = time.monotonic() + 20
        while (found := self.versions(secret))["AWSCURRENT"] == former or "AWSPENDING" in found:
            assert time.monotonic() < deadline, found
            time.sleep(0.05)


def _define(stack: cdk.Stack, deployer: str, key_of_replica: str) -> None:
    people = {name: iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in PEOPLE_OF_SECRETS}
    deployers = [iam.ArnPrincipal(deployer)]
    key = EncryptionKey(stack, "Key", lifecycle=Lifecycle.EPHEMERAL, deployers=deployers, services=["secretsmanager"])
    settings: dict[str, Any] = {
        "encryption_key": key,
        "content": Supplied.text(),
        "readers": [people["Reader"]],
        "writers": [people["Writer"]],
        "administrators": [people["Keeper"]],
        "deployers": deployers,
        "lifecycle": Lifecycle.EPHEMERAL,
    }
    rotate = lambda_.Function(
        stack,
        "Rotate",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline(_CODE),
    )
    rotation = ByFunction(
        function=rotate,
        schedule=RotationSchedule.every(cdk.Duration.days(30)),
        when_changed=WhenChanged.WAIT_FOR_THE_WINDOW,
    )
    replica = Replica(region=REPLICA_REGION, encryption_key=kms.Key.from_key_arn(stack, "ReplicaKey", key_of_replica))
    secrets = {
        "Rotated": ManagedSecret(stack, "Rotated", rotation=rotation, **settings),
        "Copied": ManagedSecret(stack, "Copied", replicas=[replica], **settings),
        "Kept": ManagedSecret(stack, "Kept", replicas=[replica], **settings),
    }
    for name, secret in secrets.items():
        cdk.CfnOutput(stack, f"{name}Secret", value=secret.secret_arn)
    for name, role in people.items():
        cdk.CfnOutput(stack, f"{name}Role", value=role.role_arn)
