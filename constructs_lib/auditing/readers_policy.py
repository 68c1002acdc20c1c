"""The IAM policies of readers: one beside what they read, and one in the stack of each reader of another stack.

A policy can be attached from the side of the role or from its own. Beside the record it would name a role of another
stack, which must be there first; and the role cannot name a policy that is not there yet. Whichever way is chosen, one
of the stacks waits for the other, and no order suits every app. So a role or user of another stack gets a policy in
its own stack, in names alone: `SeenFrom` says how.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.auditing.seen_from import SeenFrom, are_in_one_stack
from constructs_lib.wiring.findings import answer, as_found

if TYPE_CHECKING:
    from constructs import Construct

_ADDRESS = 8  # hexadecimal digits of a construct's address, which tell two records of one reader apart


@dataclass(frozen=True, kw_only=True)
class ReadersPolicy:
    """What readers of a record may do.

    Attributes:
        record: The construct that owns the record.
        description: What it is for.
        statements: What it allows, as a policy says it that sees buckets and keys so.
        because: Why resources in it end in wildcards, for cdk-nag.
    """

    record: "Construct"
    description: str
    statements: Callable[[SeenFrom], Iterable[iam.PolicyStatement]]
    because: str

    def define(self, readers: "Sequence[iam.IPrincipal]") -> iam.ManagedPolicy:
        """Define the policy beside the record.

        Args:
            readers: Roles and users to whom it is attached: of the record's own stack, or imported.
        """
        return self._define(self.record, "Readers", attached_to=readers)

    def define_beside(self, reader: iam.IPrincipal) -> None:
        """Define the policy in the stack of a reader.

        Args:
            reader: A role or user of this app.
        """
        owner = cast("Construct", reader)
        self._define(owner, f"Reads{self.record.node.addr[-_ADDRESS:]}", attached_to=[reader])

    def _define(
        self, scope: "Construct", construct_id: str, *, attached_to: "Sequence[iam.IPrincipal]"
    ) -> iam.ManagedPolicy:
        said = self.statements(SeenFrom(record=self.record, policy=scope))
        policy = iam.ManagedPolicy(scope, construct_id, description=self.description, statements=list(said))
        for reader in attached_to:
            if hasattr(reader, "role_arn"):
                policy.attach_to_role(cast("iam.IRole", reader))
            else:
                policy.attach_to_user(cast("iam.IUser", reader))

        def acknowledge() -> list[str]:  # what the bucket is called in another stack is settled at synthesis
            document = cdk.Stack.of(policy).resolve(policy.document)
            wide = {found: self.because for found in map(as_found, _resources(document["Statement"])) if "*" in found}
            answer(policy, {f"AwsSolutions-IAM5[Resource::{found}]": why for found, why in wide.items()})
            return []

        at_synthesis(policy, acknowledge)
        return policy


def is_of_another_stack(record: "Construct", reader: iam.IPrincipal) -> bool:
    """Whether a role or user is one of this app in another stack than a record.

    Args:
        record: The construct that owns it.
        reader: A role or user.
    """
    # What is imported has no resource, and neither has a role whose policies are not to be touched.
    resource = cast("Construct", reader)
    return cdk.Resource.is_owned_resource(resource) and not are_in_one_stack(record, resource)


def _resources(statements: Iterable[dict[str, object]]) -> list[object]:
    listed = [each["Resource"] for each in statements]
    return [one for each in listed for one in (each if isinstance(each, list) else [each])]
