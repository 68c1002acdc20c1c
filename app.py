"""The reference app: keys in one stack, the data and the functions that use them in another.

It deploys to any account and Region: `npx cdk deploy --all`.
"""

from typing import cast

from constructs_lib.bundled_node import use_bundled_node

use_bundled_node()

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from constructs_lib import EncryptionKey, EnvelopeEncryption

REQUIRED_CONTEXT = ("tenant", "purpose")

_PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
_OBJECTS = (
    "The role works on the objects of this one bucket, whose names are chosen at run time; the action is a single one, "
    "and what it fetches or stores is opaque without the functions that open and seal envelopes."
)
_INLINE = (
    "The policy belongs to this one role: it is created and deleted with it and cannot be attached to anybody else, "
    "which for permission to use a key is safer than a managed policy."
)
_ONE_REGION = (
    "A copy in another Region is a decision about where data may be, which belongs to whoever owns the data; the "
    "bucket is versioned and kept when the stack goes."
)
_LOG_TARGET = (
    "S3 delivers server access logs to buckets with SSE-S3 only; they name objects and requesters and hold no content. "
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"
)


class KeyStack(cdk.Stack):
    """Three keys for three purposes, so that who may read logs or stored objects cannot open envelopes.

    Attributes:
        auditor: May read what the envelope key's policy, rotation and grants are, and nothing else.
        recovery: May open messages with any AWS Encryption SDK when the functions are gone.
        envelope_key: Wraps the data keys of messages. Only the two functions and recovery use it.
        storage_key: Encrypts the bucket at rest.
        operations_key: Encrypts logs.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Define the keys."""
        super().__init__(scope, construct_id, description="Keys: envelopes, storage, operations")
        self.auditor = iam.Role(self, "Auditor", assumed_by=iam.AccountRootPrincipal(), description="Reads metadata")
        self.recovery = iam.Role(self, "Recovery", assumed_by=iam.AccountRootPrincipal(), description="Opens messages")
        self.envelope_key = EncryptionKey(
            self,
            "EnvelopeKey",
            alias="reference/envelope",
            description="Wraps the data keys of encrypted messages",
            auditors=[self.auditor],
            decrypters=[self.recovery],
            services=[],  # no AWS service uses it on anybody's behalf
        )
        self.storage_key = EncryptionKey(
            self, "StorageKey", alias="reference/storage", description="Encrypts the message bucket", services=["s3"]
        )
        self.operations_key = EncryptionKey(
            self, "OperationsKey", alias="reference/operations", description="Encrypts logs", services=["logs"]
        )
        for name, role in {"Auditor": self.auditor, "Recovery": self.recovery}.items():
            cdk.CfnOutput(self, f"{name}RoleArn", value=role.role_arn)
        cdk.CfnOutput(self, "EnvelopeKeyArn", value=self.envelope_key.key_arn)


class WorkloadStack(cdk.Stack):
    """Encrypted messages in a bucket, one role that writes them and one that reads them.

    Attributes:
        envelope: The encrypting and the decrypting function.
        messages: The bucket.
        writer: May encrypt and store; can neither decrypt nor read back what it stored.
        reader: May fetch and decrypt; can neither encrypt nor store.
    """

    def __init__(self, scope: Construct, construct_id: str, *, keys: KeyStack) -> None:
        """Define functions, bucket and roles."""
        super().__init__(
            scope, construct_id, description="Envelope encryption: functions, messages, readers and writers"
        )
        self.envelope = EnvelopeEncryption(
            self,
            "Envelope",
            encryption_key=keys.envelope_key,
            operations_key=keys.operations_key,
            required_context=REQUIRED_CONTEXT,
        )
        self.messages = self._bucket(keys.storage_key)
        self.writer = self._role("Writer", "s3:PutObject")
        self.envelope.grant_invoke_encrypt(self.writer)
        # A multipart upload needs the data key of its parts back when it is completed.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
        keys.storage_key.grant(self.writer, "kms:GenerateDataKey", "kms:Decrypt")
        self.reader = self._role("Reader", "s3:GetObject")
        self.envelope.grant_invoke_decrypt(self.reader)
        keys.storage_key.grant(self.reader, "kms:Decrypt")
        for name in ("Writer", "Reader"):
            cdk.CfnOutput(self, f"{name}RoleArn", value=getattr(self, name.lower()).role_arn)
        functions = {"Encrypt": self.envelope.encrypt_function, "Decrypt": self.envelope.decrypt_function}
        for name, function in functions.items():
            cdk.CfnOutput(self, f"{name}FunctionArn", value=function.function_arn)
        cdk.CfnOutput(self, "BucketName", value=self.messages.bucket_name)

    def _bucket(self, key: EncryptionKey) -> s3.Bucket:
        logs = s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(expiration=cdk.Duration.days(365), noncurrent_version_expiration=cdk.Duration.days(30))
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        messages = s3.Bucket(
            self,
            "Messages",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption_key=key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=logs,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        replication = [f"{pack}-S3BucketReplicationEnabled" for pack in _PACKS]
        _acknowledge(messages, _ONE_REGION, *replication)
        _acknowledge(logs, _ONE_REGION, *replication)
        _acknowledge(logs, _LOG_TARGET, *(f"{pack}-S3DefaultEncryptionKMS" for pack in _PACKS))
        return messages

    def _role(self, name: str, action: str) -> iam.Role:
        role = iam.Role(self, name, assumed_by=iam.AccountRootPrincipal(), description=f"{name} of encrypted messages")
        role.add_to_policy(iam.PolicyStatement(actions=[action], resources=[self.messages.arn_for_objects("*")]))
        policy = role.node.find_child("DefaultPolicy")
        bucket = self.get_logical_id(cast("cdk.CfnElement", self.messages.node.default_child))
        _acknowledge(policy, _OBJECTS, f"AwsSolutions-IAM5[Resource::<{bucket}.Arn>/*]")
        _acknowledge(policy, _INLINE, *(f"{pack}-IAMNoInlinePolicy" for pack in _PACKS))
        return role


def _acknowledge(scope: IConstruct, reason: str, *rules: str) -> None:
    # With its pack in front an acknowledged finding stays in the validation report, with its reason.
    ids = [f"{rule.split('[')[0].rpartition('-')[0]}::{rule}" for rule in rules]
    cdk.Validations.of(scope).acknowledge(*(cdk.Acknowledgment(id=each, reason=reason) for each in ids))


def reference_app(app: cdk.App) -> tuple[KeyStack, WorkloadStack]:
    """Define the stacks in an app and have every cdk-nag pack look at them."""
    keys = KeyStack(app, "Keys")
    workload = WorkloadStack(app, "Workload", keys=keys)
    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app),
        cdk_nag.HIPAASecurityChecks(app),
        cdk_nag.NIST80053R5Checks(app),
        cdk_nag.PCIDSS321Checks(app),
        cdk_nag.ServerlessChecks(app),
    )
    return keys, workload


if __name__ == "__main__":
    app = cdk.App()
    reference_app(app)
    app.synth()
