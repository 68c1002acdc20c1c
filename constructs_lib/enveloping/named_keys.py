"""How a function is told of its envelope keys: by their ARNs, and of a key of another Region by a weak reference.

A strong reference between Regions is custom resources with functions of their own in both of them. For a reference
between Regions the key's output is read instead, whatever the app says about others:
`docs/decisions/0004-a-weak-reference-from-replica-to-primary.md`.
"""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.stack_facts import StackFacts

_IMPORT = "import it by its ARN, with ExistingKey.from_arn"


@runtime_checkable
class _OfThisLibrary(Protocol):
    """A key whose grants reach roles of other Regions without a reference."""

    @property
    def twins(self) -> "Mapping[str, kms.IKey]":
        """Keys with its key id, by Region."""


def check_reach(scope: Construct, keys: Mapping[str, kms.IKey]) -> None:
    """Refuse keys of this app that no function of a stack could be told of.

    Args:
        scope: Where the function is.
        keys: Its envelope keys: name in messages to key.

    Raises:
        ConfigurationError: If one is of another account or Stage, or of another Region without being able to say so.
    """
    for name, key in keys.items():
        if cdk.Resource.is_owned_resource(key) and _is_elsewhere(StackFacts.of(scope), key):
            _check_elsewhere(name, key, StackFacts.of(scope), StackFacts.of(key))


def _check_elsewhere(name: str, key: kms.IKey, here: StackFacts, there: StackFacts) -> None:
    if (there.account, there.stage) != (here.account, here.stage):
        raise ConfigurationError(
            f"{name} must be of the account and Stage of the functions, got {key.node.path}: {_IMPORT}"
        )
    if cdk.Token.is_unresolved(there.region) or cdk.Token.is_unresolved(here.region):
        raise ConfigurationError(
            f"{name} must be in a stack of a known Region, as the functions must, where the Regions differ, got "
            f"{key.node.path}: {_IMPORT}"
        )
    if not isinstance(key, _OfThisLibrary):
        raise ConfigurationError(
            f"{name} must be a key of this library where its Region is another one, got {key.node.path} in "
            f"{there.region}: use EncryptionKey, or {_IMPORT}"
        )
    if key.twins and here.region not in key.twins:
        raise ConfigurationError(
            f"{name} must have a replica in {here.region}, where the functions are, got {key.node.path}: give it "
            f"one, or {_IMPORT}"
        )
    if not key.twins and there.stack.nested_stack_parent is not None:
        raise ConfigurationError(
            f"{name} must be in a stack that is not nested, whose outputs other Regions can read, got "
            f"{key.node.path}: {_IMPORT}"
        )


def arn_for(scope: Construct, key: kms.IKey) -> str:
    """Return the ARN of a key as a function is told of it.

    Args:
        scope: Where the function is.
        key: A key that it can be told of.
    """
    here = StackFacts.of(scope)
    if not cdk.Resource.is_owned_resource(key) or not _is_elsewhere(here, key):
        return key.key_arn
    twin = key.twins.get(here.region) if isinstance(key, _OfThisLibrary) else None
    if twin is not None:  # its id is that of the other
        there = StackFacts.of(key)
        return f"arn:{there.partition}:kms:{there.region}:{there.account}:key/{twin.key_id}"
    return cdk.Stack.consume_reference(key.key_arn, cdk.ReferenceStrength.WEAK)


def _is_elsewhere(here: StackFacts, key: kms.IKey) -> bool:
    there = StackFacts.of(key)
    return (there.account, there.region, there.stage) != (here.account, here.region, here.stage)
