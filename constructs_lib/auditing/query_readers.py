"""Readers of the answers: one IAM policy with which the questions can be asked, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.actions import (
    CURRENT_OBJECTS,
    FIND_DATABASES,
    FIND_RESULTS,
    LIST_OBJECTS,
    LOCATE_BUCKET,
    READ_TABLES,
    RUN_QUERIES,
    WRITE_RESULTS,
)
from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.auditing.answered_query_findings import ASKED_OF_ATHENA
from constructs_lib.auditing.log_file_access import Access, log_file_access
from constructs_lib.auditing.named_readers import is_role_or_user_here, name_of
from constructs_lib.auditing.reader_keys import ReaderKey
from constructs_lib.auditing.readers_policy import ReadersPolicy, is_of_another_stack
from constructs_lib.auditing.results_bucket import RESULTS
from constructs_lib.auditing.trail_table import TABLE
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudtrail import read_logs_with_bucket_key
from constructs_lib.service_access.s3 import write_in_parts
from constructs_lib.wiring.expected_names import expected_bucket_name
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from constructs_lib.auditing.seen_from import SeenFrom


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What whoever asks must be able to reach.

    Attributes:
        workgroup: The name of the workgroup, of the stack's account and Region.
        database: The name of the database there.
        logs: The bucket of the trail.
        folder: How the keys of its log files begin.
        logs_key: The key of the log files, or None if S3 encrypts them.
        results: The bucket of results.
        results_key: Their key.
    """

    workgroup: str
    database: str
    logs: "s3.IBucket"
    folder: str
    logs_key: "kms.IKey | None"
    results: "s3.Bucket"
    results_key: "kms.IKey"

    def policy(self, scope: "Construct", readers: Sequence[iam.IPrincipal]) -> iam.ManagedPolicy:
        """Define the policy, attach it to readers, and let them use the keys.

        A reader of another stack of this app gets such a policy in his own. The policy of a key of this library names
        the readers. What other keys say is IAM's affair, or their owner's.

        Args:
            scope: The construct that owns the policy.
            readers: Who asks.
        """
        keys = list(self._keys())
        written = ReadersPolicy(
            record=scope,
            description=f"Asks the saved questions about a trail, in the workgroup {self.workgroup}",
            statements=lambda seen: [
                *self._of_athena(scope),
                *self._of_objects(seen),
                *(statement for key in keys for statement in key.in_iam(seen)),
            ],
            because=ASKED_OF_ATHENA,
        )
        here = [reader for reader in readers if is_role_or_user_here(scope, reader)]
        away = [reader for reader in here if is_of_another_stack(scope, reader)]
        policy = written.define([reader for reader in here if reader not in away])
        for reader in away:
            written.define_beside(reader)
        for reader in readers:
            if reader not in here:
                _tell_whoever_attaches(policy, reader)
            for key in keys:
                if reader in here:
                    key.admit(policy, reader)
                elif isinstance(key.key, TakesUses):
                    key.key.allow(key.use, reader)
        for key in keys:
            key.tell_owner(policy, readers)
        self._tell_owners(policy)
        return policy

    def _of_athena(self, scope: "Construct") -> Iterator[iam.PolicyStatement]:
        stack = cdk.Stack.of(scope)
        catalogue = stack.format_arn(service="glue", resource="catalog")
        database, default, table = (
            stack.format_arn(service="glue", resource=kind, resource_name=name)
            for kind, name in (
                ("database", self.database),
                ("database", "default"),
                ("table", f"{self.database}/{TABLE}"),
            )
        )
        workgroup = stack.format_arn(service="athena", resource="workgroup", resource_name=self.workgroup)
        yield iam.PolicyStatement(sid="AsksAthena", actions=list(RUN_QUERIES), resources=[workgroup])
        yield iam.PolicyStatement(sid="ReadsTable", actions=list(READ_TABLES), resources=[catalogue, database, table])
        yield iam.PolicyStatement(sid="FindsDatabases", actions=list(FIND_DATABASES), resources=[catalogue, default])

    def _of_objects(self, seen: "SeenFrom") -> Iterator[iam.PolicyStatement]:
        logs, results = seen.bucket(self.logs), seen.bucket(self.results)
        files, found = f"{results.arn}/{RESULTS}*", (*FIND_RESULTS, *LOCATE_BUCKET)
        for access in (
            *log_file_access(logs, self.folder),
            Access(sid="LocatesLogFiles", actions=LOCATE_BUCKET, resource=logs.arn, conditions=logs.conditions),
            Access(sid="WritesResults", actions=WRITE_RESULTS, resource=files, conditions=results.conditions),
            Access(sid="FindsResults", actions=found, resource=results.arn, conditions=results.conditions),
        ):
            yield access.in_iam()

    def _keys(self) -> Iterator[ReaderKey]:
        if self.logs_key is not None:
            use = read_logs_with_bucket_key(bucket_name=expected_bucket_name(self.logs))
            yield ReaderKey(key=self.logs_key, use=use)
        results = write_in_parts(bucket_name=expected_bucket_name(self.results))
        yield ReaderKey(key=self.results_key, use=results)

    def _tell_owners(self, policy: iam.ManagedPolicy) -> None:
        """Announce what must be so elsewhere, of which nothing is known here."""
        annotations = cdk.Annotations.of(policy)
        account = self.logs.env.account
        if account != cdk.Stack.of(policy).account and not cdk.Token.is_unresolved(account):
            annotations.add_warning_v2(
                "cdk-key-management:trail-bucket-of-another-account",
                f"trail: {self.logs.node.path} is of account {account}: its policy must allow readers "
                f"{', '.join((*CURRENT_OBJECTS, *LIST_OBJECTS, *LOCATE_BUCKET))} below {self.folder!r}, or no query "
                "finds a record",
            )
        if self.logs_key is None and not cdk.Resource.is_owned_resource(self.logs):
            annotations.add_warning_v2(
                "cdk-key-management:trail-without-key",
                f"trail.encryption_key is None: if the log files in {self.logs.node.path} are encrypted under a key "
                "of KMS, give it, as in ExistingTrail(encryption_key=...), or readers cannot decrypt them",
            )


def _tell_whoever_attaches(policy: iam.ManagedPolicy, reader: iam.IPrincipal) -> None:
    def announce() -> list[str]:  # what a role is called may be settled at synthesis
        who = TokenText(cdk.Stack.of(policy)).text(name_of(reader))
        cdk.Annotations.of(policy).add_warning_v2(
            "cdk-key-management:readers-elsewhere",
            f"readers: {who} is nobody to whom a policy can be attached from here: attach {policy.node.path} where its "
            "IAM policies are written, such as in a permission set",
        )
        return []

    at_synthesis(policy, announce)
