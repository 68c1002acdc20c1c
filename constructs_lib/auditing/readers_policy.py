"""The IAM policy of readers: one for all of them, beside what they read, and attached in whichever order deploys.

An inline policy of the reader would stand in the reader's stack and refer to the bucket: where that stack has the key
of the bucket too, the two stacks would wait for each other.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.wiring.findings import answer, as_found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import Construct

    from constructs_lib.auditing.reader_keys import ReaderKey


def define_readers_policy(
    scope: "Construct",
    *,
    description: str,
    statements: "Iterable[iam.PolicyStatement]",
    keys: "Iterable[ReaderKey]",
    objects: Sequence[str],
    because: str,
) -> iam.ManagedPolicy:
    """Define the policy.

    Args:
        scope: The construct that owns it.
        description: What it is for.
        statements: What it allows.
        keys: Keys that are used as well.
        objects: ARNs of objects in the statements, which end in wildcards.
        because: Why they do, for cdk-nag.
    """
    of_keys = [statement for key in keys for statement in key.in_iam(scope)]
    policy = iam.ManagedPolicy(scope, "Readers", description=description, statements=[*statements, *of_keys])

    def acknowledge() -> list[str]:  # what the bucket is called in another stack is settled at synthesis
        found = [as_found(cdk.Stack.of(policy).resolve(each)) for each in objects]
        answer(policy, {f"AwsSolutions-IAM5[Resource::{each}]": because for each in found})
        return []

    at_synthesis(policy, acknowledge)
    return policy


def attach(policy: iam.ManagedPolicy, reader: iam.IPrincipal) -> None:
    """Attach the policy to a role or user of its account.

    It names him, so that his stack is deployed first; where that one is already known to be deployed after the policy,
    he names it.

    Args:
        policy: The policy.
        reader: A role or a user, of this app or imported.
    """
    here = cdk.Stack.of(policy)
    if isinstance(reader, (iam.Role, iam.User)) and _waits_for(cdk.Stack.of(reader), here):
        reader.add_managed_policy(policy)
    elif hasattr(reader, "role_arn"):
        policy.attach_to_role(cast("iam.IRole", reader))
    else:
        policy.attach_to_user(cast("iam.IUser", reader))


def _waits_for(stack: cdk.Stack, other: cdk.Stack) -> bool:
    seen: dict[str, cdk.Stack] = {}
    waiting = [stack]
    while waiting:
        for each in waiting.pop().dependencies:
            if each.node.path not in seen:
                seen[each.node.path] = each
                waiting.append(each)
    return other.node.path in seen
