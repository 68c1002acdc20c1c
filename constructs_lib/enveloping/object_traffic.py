"""Objects that a function reads and writes: exact permissions on prefixes of buckets, and on the buckets' keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib.actions import CURRENT_OBJECTS, READ_OBJECTS, WRITE_OBJECTS
from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.enveloping.answered_findings import OBJECTS
from constructs_lib.enveloping.envelope_keys import material_of
from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.resource_names import OBJECT_PREFIX
from constructs_lib.service_access.s3 import read, write_in_parts
from constructs_lib.wiring.expected_names import expected_bucket_name
from constructs_lib.wiring.findings import answer, as_found
from constructs_lib.wiring.given_resources import check_bucket, check_text
from constructs_lib.wiring.owners_elsewhere import tell_owner
from constructs_lib.wiring.transport_keys import let_call

if TYPE_CHECKING:
    from constructs_lib.service_access.service_use import ServiceUse


# ARNs of S3 name no account: who takes the name of a bucket that is gone would get what is written to it.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
_OWNER = "aws:ResourceAccount"


@dataclass(frozen=True, kw_only=True)
class Objects:
    """Objects of one bucket.

    Attributes:
        argument: What refusals call the bucket.
        bucket: The bucket.
        prefix: How their keys begin; empty for all.
    """

    argument: str
    bucket: s3.IBucket
    prefix: str = ""

    def check(self, envelope_keys: Iterable[kms.IKey]) -> None:
        """Refuse what is no bucket or is encrypted under an envelope key, and a prefix that covers more than it says.

        Args:
            envelope_keys: The keys of the messages.

        Raises:
            ConfigurationError: If the prefix is no text or holds a wildcard, or the bucket is none or has such a key.
        """
        check_bucket(self.argument, self.bucket)
        check_text(f"{self.argument}_prefix", self.prefix)
        if self.prefix != "" and (cdk.Token.is_unresolved(self.prefix) or "${" in str(self.prefix)):
            raise ConfigurationError(f"{self.argument}_prefix must be a literal text, got {self.prefix!r}")
        if self.prefix != "":
            OBJECT_PREFIX.check(f"{self.argument}_prefix", self.prefix)
        key = self.bucket.encryption_key
        if key is not None and any(material_of(key) & material_of(each) for each in envelope_keys):
            raise ConfigurationError(
                f"{self.argument} must be encrypted under a key of its own, since uploads to it need kms:Decrypt, got "
                f"{self.bucket.node.path} under the envelope key {key.node.path}"
            )

    def let_read(self, role: iam.Role) -> None:
        """Let a role read these objects, and versions of them, and nothing else of the bucket.

        As every permission here it ends where the bucket's name becomes that of another account's bucket.

        Args:
            role: The role.
        """
        self._let(role, READ_OBJECTS, read(bucket_name=expected_bucket_name(self.bucket)))

    def let_read_current(self, role: iam.Role) -> None:
        """Let a role read these objects as they are now, and no older versions of them.

        Args:
            role: The role.
        """
        self._let(role, CURRENT_OBJECTS, read(bucket_name=expected_bucket_name(self.bucket)))

    def let_write(self, role: iam.Role) -> None:
        """Let a role write objects of these keys in one piece or in parts, without being able to read or delete them.

        Args:
            role: The role.
        """
        self._let(role, WRITE_OBJECTS, write_in_parts(bucket_name=expected_bucket_name(self.bucket)))

    def let_replace(self, role: iam.Role) -> None:
        """Let a role write objects of these keys after it looked at what is there, so that nothing newer is lost.

        Looking is `s3:GetObject`: the role can fetch what was written here before.

        Args:
            role: The role.
        """
        self._let(
            role, (*CURRENT_OBJECTS, *WRITE_OBJECTS), write_in_parts(bucket_name=expected_bucket_name(self.bucket))
        )

    def _let(self, role: iam.Role, actions: tuple[str, ...], use: "ServiceUse") -> None:
        objects = self.bucket.arn_for_objects(f"{self.prefix}*")
        own = {"StringEquals": {_OWNER: self.bucket.env.account}}
        role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=[objects], conditions=own))
        let_call(role, self.bucket.encryption_key, use)
        tell_owner(role, self.bucket, argument=self.argument, actions=actions, resource=objects)
        # What a bucket of another stack is called in this one is settled at synthesis.
        at_synthesis(role, lambda: _answer_for(role, objects))


def abort_unfinished_uploads(objects: Objects) -> None:
    """Have a bucket of this app forget uploads that were never finished after a day, where a function died in one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html

    Args:
        objects: Where they are uploaded. Nothing happens to a bucket of another app.
    """
    if isinstance(objects.bucket, s3.Bucket):
        objects.bucket.add_lifecycle_rule(
            abort_incomplete_multipart_upload_after=cdk.Duration.days(1), prefix=objects.prefix or None
        )


def _answer_for(role: iam.Role, objects: str) -> list[str]:
    found = as_found(cdk.Stack.of(role).resolve(objects))
    answer(role.node.find_child("DefaultPolicy"), {f"AwsSolutions-IAM5[Resource::{found}]": OBJECTS})
    return []
