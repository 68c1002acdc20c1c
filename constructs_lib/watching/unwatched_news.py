"""Keys under which news is told, and which no other watch of the app watches."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

_WATCHES = "_cdk_key_management_watches_with_their_keys"


def announce_unwatched_news(watch: "Construct", *, news_key: "kms.IKey | None", watched_arns: Iterable[str]) -> None:
    """Have it announced at synthesis if whoever disables the key of a watch's news silences it unheard.

    Args:
        watch: The watch.
        news_key: The key under which its news is told; None if nobody knows it, or there is none.
        watched_arns: The ARNs of the keys that it watches.
    """
    root = watch.node.root
    watches: list[tuple[Construct, kms.IKey | None, set[str]]] | None = getattr(root, _WATCHES, None)
    if watches is None:
        watches = []
        setattr(root, _WATCHES, watches)
    watches.append((watch, news_key, set(watched_arns)))
    known = watches
    if news_key is not None:
        at_synthesis(watch, lambda: _announce(watch, news_key, [arns for each, _, arns in known if each is not watch]))


def _announce(watch: "Construct", news_key: "kms.IKey", others: list[set[str]]) -> list[str]:
    if not any(news_key.key_arn in arns for arns in others):
        cdk.Annotations.of(watch).add_warning_v2(
            "cdk-key-management:news-key-unwatched",
            f"no KeyWatch that tells under another key watches {news_key.node.path}, under which this watch tells: "
            "whoever disables that key silences it, and nobody hears. Give the key to such a KeyWatch, or acknowledge "
            "this if one elsewhere has it",
        )
    return []
