"""A further alias of a key, beside the one of its constructor."""

from typing import TYPE_CHECKING

from aws_cdk import aws_kms as kms

from constructs_lib.alias_name import PREFIX, full_alias_name
from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from aws_cdk import Resource


def further_alias(key: "Resource", alias: str) -> kms.Alias:
    """Give a key an alias within its own scope.

    Args:
        key: A `kms.IKey`.
        alias: With or without the prefix `alias/`.

    Raises:
        ConfigurationError: If KMS would refuse the name, or the key has it already.
    """
    name = full_alias_name(alias)
    child = f"Alias{name.removeprefix(PREFIX)}"
    taken = [each.alias_name for each in key.node.find_all() if isinstance(each, kms.CfnAlias)]
    if name in taken or key.node.try_find_child(child) is not None:  # a/b and a--b are one construct id
        raise ConfigurationError(
            f"[{key.node.path}] alias must be another than the key has, {', '.join(taken)}, got {alias!r}"
        )
    return kms.Alias(key, child, alias_name=name, target_key=key)  # type: ignore[arg-type]  # each implements IKey by jsii
