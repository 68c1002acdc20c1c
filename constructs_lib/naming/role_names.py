"""The ARN of a role or user as text, so that a key policy can name it without a reference.

A reference between the stacks would put them in an order, and often in a cycle: the role's policy names the key, the
key's policy names the role. KMS does not check that what `aws:PrincipalArn` names exists.
"""

import hashlib
import re
from enum import Enum
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.name_notes import NameNotes
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.naming.token_text import tokens_in

if TYPE_CHECKING:
    from constructs import IConstruct

_LONGEST_NAME = 64
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

_RANDOM_PART = 14  # what CloudFormation appends to a generated name, with its hyphen


class UnnamedRoles(Enum):
    """What to do with a role that is named by name, as one of another stack is, and has no name of its own."""

    GIVE_NAME = "GIVE_NAME"
    """Give it a fixed name, and announce it. A role that is deployed already is replaced."""

    MATCH_GENERATED_NAME = "MATCH_GENERATED_NAME"
    """Leave it as it is, and admit any role whose name starts as CloudFormation's generated one does."""


def named_arn(target: iam.CfnRole | iam.CfnUser, unnamed: UnnamedRoles, key: "IConstruct") -> str:
    """Return the literal ARN of a role or user, with tokens for account and Region where its stack has them.

    Args:
        target: The role or user, which gets a name here if it has none.
        unnamed: What to do if it has none.
        key: Who announces that a name was given: the key in whose policy it will stand.

    Raises:
        ConfigurationError: If its name is a parameter or otherwise unknown at synthesis.
    """
    facts = StackFacts.of(target)
    stack = facts.stack
    is_role = isinstance(target, iam.CfnRole)
    given = target.role_name if isinstance(target, iam.CfnRole) else target.user_name
    name = stack.resolve(given) if given is not None and tokens_in(given) else given
    if isinstance(name, dict) and given is not None:
        name = _in_other_templates(facts, given) or name
    if name is None:
        name = _generated_pattern(target) if unnamed is UnnamedRoles.MATCH_GENERATED_NAME else _give_name(target, key)
    if not isinstance(name, str):
        raise ConfigurationError(
            f"[{target.node.path}] a role that is named by name must have a name that is known at synthesis, "
            f"got {name!r}; give it a literal role_name, or have it in the key's own stack and named by identity"
        )
    path = _in_other_templates(facts, target.path or "/")
    if path is None:
        raise ConfigurationError(
            f"[{target.node.path}] a role that is named by name must have a path that is known at synthesis, "
            f"got {stack.resolve(target.path)!r}"
        )
    kind = "role" if is_role else "user"
    return f"arn:{facts.partition}:iam::{facts.account}:{kind}{path}{name}"


def _in_other_templates(facts: StackFacts, text: str) -> str | None:
    """Return a text of one stack as any template of its environment may say it, or None if none other can."""
    meanings = {"AWS::AccountId": facts.account, "AWS::Partition": facts.partition, "AWS::Region": facts.region}
    for token in tokens_in(text):
        meant = facts.stack.resolve(token)
        if isinstance(meant, dict):
            meant = meanings.get(str(meant.get("Ref")))
        if not isinstance(meant, str):
            return None
        text = text.replace(token, meant)
    return text


def name_digest(resource: "IConstruct") -> str:
    """Return 12 hexadecimal digits that tell a resource from others of its kind and Region, the same in every run.

    They change with the name of its outermost stack and with its path.

    Args:
        resource: The L1 construct.
    """
    outermost = StackFacts.of(resource).stack
    while outermost.nested_stack_parent is not None:
        outermost = outermost.nested_stack_parent
    path = _path(resource)
    return hashlib.sha256(f"{outermost.stack_name}|{path}".encode()).hexdigest()[:12]


def _path(resource: "IConstruct") -> str:
    path: str = resource.node.path
    return path.removesuffix("/Resource")


def _give_name(target: iam.CfnRole | iam.CfnUser, key: "IConstruct") -> str:
    facts = StackFacts.of(target)
    path, digest = _path(target), name_digest(target)
    spoken = [part for part in path.split("/") if part != "Default"]
    tail = re.sub(r"[^a-zA-Z0-9_+=,.@-]", "", spoken[-1])[-20:]
    # IAM is global, so the Region belongs into the name. At most 20 + 14 + 12 characters and two hyphens.
    name = f"{tail}-{facts.region}-{digest}"
    if isinstance(target, iam.CfnRole):
        target.role_name = name
    else:
        target.user_name = name
    NameNotes.of(key).note_given(path, f"{tail}-<Region>-{digest}")
    return name


def _generated_pattern(target: iam.CfnRole | iam.CfnUser) -> str:
    stack = cdk.Stack.of(target)
    prefix = f"{stack.stack_name}-{stack.resolve(target.logical_id)}-"
    if cdk.Token.is_unresolved(stack.stack_name) or len(prefix) + _RANDOM_PART > _LONGEST_NAME:
        raise ConfigurationError(
            f"[{target.node.path}] unnamed_roles must be GIVE_NAME for a role whose generated name is cut short "
            f"or unknown, got MATCH_GENERATED_NAME and {prefix!r}"
        )
    cdk.Annotations.of(target).add_info_v2(
        "cdk-key-management:role-by-pattern", f"a key policy admits every role of this account named {prefix}*"
    )
    return f"{prefix}*"
