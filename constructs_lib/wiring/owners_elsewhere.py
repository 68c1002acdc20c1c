"""What the owner of a bucket, a queue, a stream or a key elsewhere must add, since nothing here can write it.

Between accounts both sides have to allow: the role's IAM policy and the policy of the resource.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

import json
from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.naming.token_text import TokenText
from constructs_lib.wiring.expected_names import expected_name
from constructs_lib.wiring.transport_keys import TakesUses

_LONGEST_ROLE_NAME = 64


def tell_owner(role: iam.Role, of: cdk.IResource, *, argument: str, actions: Sequence[str], resource: str) -> None:
    """Announce what must stand in the policy of something that is, or may be, of another account.

    Args:
        role: Who is allowed in IAM.
        of: The bucket, queue or stream.
        argument: What the construct calls it.
        actions: What the role may do.
        resource: The ARN on which it may do that.
    """
    account, own = of.env.account, cdk.Stack.of(role).account
    if account == own:
        return
    is_surely_another = not cdk.Token.is_unresolved(account) and not cdk.Token.is_unresolved(own)

    def announce() -> list[str]:  # what the role is called may be settled at synthesis
        text = TokenText(cdk.Stack.of(role))
        where = "" if is_surely_another else ", unless that is the account of this stack"
        told = (
            f"{argument} is of account {text.text(account)}{where}: its owner must add this statement to its policy, "
            f"or every request is refused: {json.dumps(_statement(role, text, actions, resource))}; and if a key of "
            "KMS encrypts it, that key must admit the role, and the construct must know of it"
        )
        annotations = cdk.Annotations.of(role)
        say = annotations.add_warning_v2 if is_surely_another else annotations.add_info_v2
        say(f"cdk-key-management:{argument}-of-another-account", told)
        return []

    at_synthesis(role, announce)


def tell_key_owner(role: iam.Role, key: kms.IKey, *, actions: Sequence[str]) -> None:
    """Announce what must stand in the policy of a key that is imported. `ExistingKey` announces that itself.

    Args:
        role: Who is allowed in IAM.
        key: The key.
        actions: What the role may do.
    """
    if cdk.Resource.is_owned_resource(key) or isinstance(key, TakesUses):
        return

    def announce() -> list[str]:
        text = TokenText(cdk.Stack.of(role))
        own = key.env.account == cdk.Stack.of(role).account
        unless = "unless it leaves roles of its account to IAM, " if own else ""
        cdk.Annotations.of(role).add_warning_v2(
            "cdk-key-management:key-not-admitted",
            f"the policy of {key.node.path} cannot be written from here; {unless}its owner must add this statement, or "
            f"every request is refused: {json.dumps(_statement(role, text, actions, '*'))}",
        )
        return []

    at_synthesis(role, announce)


def _statement(role: iam.Role, text: TokenText, actions: Sequence[str], resource: str) -> dict[str, object]:
    stack = cdk.Stack.of(role)
    given = cast("iam.CfnRole", role.node.default_child).role_name
    anybody = f"arn:{stack.partition}:iam::{stack.account}:"
    name = expected_name(role, given=given, longest=_LONGEST_ROLE_NAME)
    return {
        "Effect": "Allow",
        "Principal": {"AWS": text.text(f"{anybody}root")},
        "Action": sorted(actions),
        "Resource": text.text(resource),
        "Condition": {"ArnLike": {"aws:PrincipalArn": text.text(f"{anybody}role/{name}")}},
    }
