"""Keys that queries need or ask about, refused where they are of another Region."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import check_symmetric_keys, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct


def check_keys_of_queries(
    scope: "Construct", *, trail_key: "kms.IKey | None", results_key: "kms.IKey", keys: "Sequence[kms.IKey]"
) -> None:
    """Refuse keys that cannot encrypt what Athena reads and writes, and keys about which the stack cannot know.

    Args:
        scope: Where Athena is.
        trail_key: The key of log files, if any.
        results_key: The key of results.
        keys: Keys that are asked about, of any kind.

    Raises:
        ConfigurationError: If one is no key, makes no data keys, or is known to be in another Region; of keys that are
            asked about only those of this app, whose ARNs another Region's stack does not know.
    """
    at_work = {"results_key": results_key, **({} if trail_key is None else {"trail_key": trail_key})}
    check_symmetric_keys(at_work)
    for argument, key in at_work.items():
        _check_region(scope, argument, key)
    for key in keys:
        if not hasattr(key, "key_arn"):
            raise ConfigurationError(
                f"keys must be keys, such as EncryptionKey(...) or ExistingKey.from_arn(...), got {spoken(key)}"
            )
        if cdk.Resource.is_owned_resource(key):
            _check_region(scope, "keys", key)


def _check_region(scope: "Construct", argument: str, key: "kms.IKey") -> None:
    here, there = cdk.Stack.of(scope).region, key.env.region
    if here != there and not cdk.Token.is_unresolved(here) and not cdk.Token.is_unresolved(there):
        raise ConfigurationError(
            f"{argument} must be in {here}, the Region of the queries, got {key.node.path} in {there}"
        )
