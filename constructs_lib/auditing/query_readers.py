"""Readers of the answers: one IAM policy with which the questions can be asked, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
from constructs_lib.auditing.results_bucket import RESULTS
from constructs_lib.auditing.trail_table import TABLE
from constructs_lib.naming.cdk_principals import principal_of
from constructs_lib.naming.service_principals import ServicePrincipals
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudtrail import read_logs
from constructs_lib.service_access.resource_names import BUCKET
from constructs_lib.service_access.s3 import write_in_parts
from constructs_lib.wiring.expected_names import expected_name
from constructs_lib.wiring.findings import answer, as_found
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from constructs_lib.service_access.service_use import ServiceUse


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

    def policy(self, scope: "Construct", readers: Sequence[iam.IGrantable]) -> iam.ManagedPolicy:
        """Define the policy, attach it to readers, and let them use the keys.

        The policy of a key of this library names the readers. What other keys say is IAM's affair, or their owner's.

        Args:
            scope: The construct that owns the policy.
            readers: Who asks.
        """
        objects = [self.logs.arn_for_objects(f"{self.folder}*"), self.results.arn_for_objects(f"{RESULTS}*")]
        policy = iam.ManagedPolicy(
            scope,
            "Readers",
            description=f"Asks the saved questions about a trail, in the workgroup {self.workgroup}",
            statements=[*self._of_athena(scope), *self._of_objects(objects), *self._of_keys(scope)],
        )
        at_synthesis(policy, lambda: _answer_for(policy, objects))
        self._tell_owners(policy)
        for reader in readers:
            _attach(policy, reader)
            for key, use in self._uses():
                if isinstance(key, TakesUses):
                    key.allow(use, reader)
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

    def _of_objects(self, objects: Sequence[str]) -> Iterator[iam.PolicyStatement]:
        logs, results = objects
        for sid, actions, resource, prefix in (
            ("ReadsLogFiles", CURRENT_OBJECTS, logs, ""),
            ("ListsLogFiles", LIST_OBJECTS, self.logs.bucket_arn, self.folder),
            ("LocatesLogFiles", LOCATE_BUCKET, self.logs.bucket_arn, ""),
            ("WritesResults", WRITE_RESULTS, results, ""),
            ("FindsResults", (*FIND_RESULTS, *LOCATE_BUCKET), self.results.bucket_arn, ""),
        ):
            conditions = {"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else None
            yield iam.PolicyStatement(sid=sid, actions=list(actions), resources=[resource], conditions=conditions)

    def _uses(self) -> "Iterator[tuple[kms.IKey, ServiceUse]]":
        if self.logs_key is not None:
            yield self.logs_key, read_logs()
        given = self.results.node.default_child.bucket_name  # type: ignore[union-attr]  # an L1
        name = expected_name(self.results, given=given, longest=BUCKET.longest).lower()
        yield self.results_key, write_in_parts(bucket_name=name)

    def _of_keys(self, scope: "Construct") -> Iterator[iam.PolicyStatement]:
        stack = cdk.Stack.of(scope)
        here = ServicePrincipals(stack, TokenText(stack))
        anybody = iam.AccountPrincipal(stack.account)
        for key, use in self._uses():
            if isinstance(key, TakesUses):
                continue
            for allowance in use.running:
                conditions = here.calling(anybody, allowance).policy_fragment.conditions
                yield iam.PolicyStatement(
                    actions=list(allowance.actions), resources=[key.key_arn], conditions=conditions
                )

    def _tell_owners(self, policy: iam.ManagedPolicy) -> None:
        """Announce what the owners of what is elsewhere must allow: IAM alone is not enough there."""
        annotations, text = cdk.Annotations.of(policy), TokenText(cdk.Stack.of(policy))
        account = self.logs.env.account
        if account != cdk.Stack.of(policy).account and not cdk.Token.is_unresolved(account):
            annotations.add_warning_v2(
                "cdk-key-management:trail-bucket-of-another-account",
                f"trail: {self.logs.node.path} is of account {account}: its policy must allow readers "
                f"{', '.join((*CURRENT_OBJECTS, *LIST_OBJECTS, *LOCATE_BUCKET))} below {self.folder!r}, or no query "
                "finds a record",
            )
        for key, use in self._uses():
            if isinstance(key, TakesUses) or cdk.Resource.is_owned_resource(key):
                continue
            actions = [action for allowance in use.running for action in allowance.actions]
            annotations.add_warning_v2(
                "cdk-key-management:readers-not-admitted",
                f"the policy of {key.node.path} cannot be written from here; unless it leaves roles of this account to "
                f"IAM, its owner must allow readers {', '.join(actions)} on {text.text(key.key_arn)}, or no query "
                "succeeds",
            )


def _attach(policy: iam.ManagedPolicy, reader: iam.IGrantable) -> None:
    principal: Any = principal_of(reader)  # a role and a user are told apart by what they have, also imported ones
    if hasattr(principal, "role_arn"):
        policy.attach_to_role(principal)
    elif hasattr(principal, "user_arn"):
        policy.attach_to_user(principal)
    else:
        cdk.Annotations.of(policy).add_warning_v2(
            "cdk-key-management:readers-elsewhere",
            f"readers: {principal} is nobody to whom a policy can be attached from here: attach "
            f"{policy.node.path} where its IAM policies are written, such as in a permission set",
        )


def _answer_for(policy: iam.ManagedPolicy, objects: Sequence[str]) -> list[str]:
    found = [as_found(cdk.Stack.of(policy).resolve(each)) for each in objects]
    answer(policy, {f"AwsSolutions-IAM5[Resource::{each}]": ASKED_OF_ATHENA for each in found})
    return []
