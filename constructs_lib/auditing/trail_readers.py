"""Readers of a trail: who reads its log files, and decrypts nothing else under the key."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.auditing.answered_findings import READ_BELOW_PREFIX
from constructs_lib.auditing.log_file_access import Access, log_file_access
from constructs_lib.auditing.log_prefix import LOGS
from constructs_lib.auditing.named_readers import is_role_or_user_here, name_of
from constructs_lib.auditing.reader_keys import ReaderKey
from constructs_lib.auditing.readers_policy import ReadersPolicy, is_of_another_stack
from constructs_lib.auditing.seen_from import Seen
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudtrail import read_logs_with_bucket_key
from constructs_lib.wiring.expected_names import expected_bucket_name
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class TrailFiles:
    """The log files of a trail.

    Attributes:
        bucket: Where they are.
        prefix: What stands before `AWSLogs/` in their keys.
        encryption_key: Under which key they are encrypted.
    """

    bucket: "s3.IBucket"
    prefix: str
    encryption_key: kms.IKey

    def let_read(self, scope: "Construct", readers: Sequence[iam.IPrincipal]) -> iam.ManagedPolicy | None:
        """Let people list, read and decrypt log files, and nothing else of the bucket or under the key.

        Roles and users of the scope's own stack and imported ones of its account get one policy, which is returned, and
        those of other stacks of this app one each in their own. For others it stands beside bucket and key.

        Args:
            scope: The construct that owns the policy, in whose name is announced what somebody else must do.
            readers: Who reads.
        """
        here = [reader for reader in readers if is_role_or_user_here(scope, reader)]
        for reader in readers:
            if reader not in here:
                self._let_from_elsewhere(scope, reader)
        if not here:
            return None
        key = self._key
        policy = ReadersPolicy(
            record=scope,
            description="Reads the log files of a trail",
            statements=lambda seen: [
                *(each.in_iam() for each in log_file_access(seen.bucket(self.bucket), self._folder)),
                *key.in_iam(seen),
            ],
            because=READ_BELOW_PREFIX,
        )
        away = [reader for reader in here if is_of_another_stack(scope, reader)]
        beside = [reader for reader in here if reader not in away]
        for reader in away:
            policy.define_beside(reader)
        for reader in here:
            key.admit(scope, reader)
        key.tell_owner(scope, here)
        return policy.define(beside) if beside else None

    @property
    def _key(self) -> ReaderKey:
        key = self.encryption_key
        if isinstance(key, kms.Alias):  # whose ARN allows nothing in IAM
            key = key.alias_target_key
        return ReaderKey(key=key, use=read_logs_with_bucket_key(bucket_name=expected_bucket_name(self.bucket)))

    @property
    def _folder(self) -> str:
        return f"{self.prefix}{LOGS}"

    def _let_from_elsewhere(self, scope: "Construct", reader: iam.IPrincipal) -> None:
        """Write it beside bucket and key, with its conditions.

        The CDK's own grants would leave these out, and where only the deployment knows the account they would let in
        the role of that name of this one.
        """
        for access in log_file_access(Seen(arn=self.bucket.bucket_arn, conditions={}), self._folder):
            self.bucket.add_to_resource_policy(access.beside(reader))
            _announce(scope, reader, access)
        of_key = self._key
        if isinstance(of_key.key, TakesUses):  # which tells the other side itself
            of_key.key.allow(of_key.use, reader)
            return
        for access in of_key.accesses(scope):
            of_key.key.add_to_resource_policy(replace(access, resource="*").beside(reader))
            _announce(scope, reader, access)
        of_key.tell_owner(scope, [reader])


def _announce(scope: "Construct", reader: iam.IPrincipal, access: Access) -> None:
    """Tell what IAM must allow a reader to whom nothing can be attached from here."""

    def announce() -> list[str]:  # what a role is called may be settled at synthesis
        text = TokenText(cdk.Stack.of(scope))
        said = text.text(json.dumps(replace(access, sid="").in_iam().to_statement_json()))
        cdk.Annotations.of(scope).add_info_v2(
            f"cdk-key-management:reader-elsewhere-{access.actions[0].replace(':', '-')}",
            f"readers: the account of {text.text(name_of(reader))} must allow this in IAM, too: {said}",
        )
        return []

    at_synthesis(scope, announce)
