"""Keys of several Regions that are watched in some of them alone."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

_WATCHED = "_cdk_key_management_paths_of_watched_keys"


def announce_unwatched_replicas(watch: "Construct", *, keys: "Sequence[kms.IKey]") -> None:
    """Have it announced at synthesis which Regions of a watched key no watch of the app watches.

    A replica has a policy and a state of its own, and what happens to it is an event in its Region alone.
    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html

    Args:
        watch: The watch.
        keys: Its keys.
    """
    root = watch.node.root
    watched: set[str] | None = getattr(root, _WATCHED, None)
    if watched is None:
        watched = set()
        setattr(root, _WATCHED, watched)
    watched.update(key.node.path for key in keys)
    known = watched
    twins = [each for key in keys for each in _twins(key)]
    if twins:
        at_synthesis(watch, lambda: _announce(watch, twins, known))


def _twins(key: "kms.IKey") -> "Iterator[tuple[str, kms.IKey]]":
    """Yield the key of each Region, if the key is one of this library that knows them."""
    yield from getattr(key, "twins", {}).items()


def _announce(watch: "Construct", twins: "Sequence[tuple[str, kms.IKey]]", watched: set[str]) -> list[str]:
    missing = [f"{twin.node.path} in {region}" for region, twin in twins if twin.node.path not in watched]
    if missing:
        cdk.Annotations.of(watch).add_warning_v2(
            "cdk-key-management:replicas-not-watched",
            "these keys open the same ciphertexts as watched ones, and no KeyWatch of this app tells what happens to "
            f"them: {', '.join(missing)}. Have one in each of these Regions, or acknowledge this if one elsewhere has "
            "it",
        )
    return []
