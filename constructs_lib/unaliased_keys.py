"""Durable keys without an alias: nothing would stop CloudFormation from making a second key beside such a one.

A key that is renamed or moved in the tree has another logical id, so CloudFormation makes a new key and then lets the
old one go, which a durable key survives unseen. An alias stands in the way: KMS refuses to give its name twice, the
deployment fails, and nothing has changed. It must be the key's own: one that stays where it is would be pointed to the
new key. `docs/moving-and-renaming.md` says how a key keeps its logical id.
"""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.at_synthesis import at_synthesis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import IConstruct

_UNALIASED = "_cdk_key_management_unaliased"
_KEPT = (cdk.CfnDeletionPolicy.RETAIN, cdk.CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE)


def announce_unaliased(key: "IConstruct") -> None:
    """Have a durable key announced at synthesis if it is one still, and has got no alias by then.

    Args:
        key: A key whose constructor was given no alias.
    """
    stack = cdk.Stack.of(key)
    keys: list[IConstruct] | None = getattr(stack, _UNALIASED, None)
    if keys is None:
        keys = []
        setattr(stack, _UNALIASED, keys)
        at_synthesis(stack, lambda: _announce(keys))  # once for all keys of the stack: each costs round trips
    keys.append(key)


def _announce(keys: "Iterable[IConstruct]") -> list[str]:
    for key in keys:
        resource = key.node.default_child
        kept = isinstance(resource, cdk.CfnResource) and resource.cfn_options.deletion_policy in _KEPT
        if kept and not any(isinstance(child, (kms.Alias, kms.CfnAlias)) for child in key.node.children):
            cdk.Annotations.of(key).add_warning_v2(
                "cdk-key-management:durable-without-alias",
                "durable, and without an alias of its own: when it is renamed or moved, nothing stops CloudFormation "
                "from making another key and leaving this one behind; give it an alias",
            )
    return []
