"""Wildcards, spellings and kinds of keys: what is asked for, as the exact actions of KMS that it means."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

from constructs_lib.actions import DECRYPT, DESCRIBE, OF_KEY_POLICIES, RE_ENCRYPT_FROM, USE_OF_ANY_KEY
from constructs_lib.errors import ConfigurationError

_WILDCARDS_MEAN = (*USE_OF_ANY_KEY, DESCRIBE)
_WILDCARD = re.compile(r"[*?]")


def exact(actions: Iterable[str], allowed: frozenset[str]) -> tuple[str, ...]:
    """Return the same permission without wildcards, in AWS's spelling, sorted.

    A wildcard means the actions of use that it matches and this kind of key has: `kms:GenerateDataKey*` gives no
    asymmetric pairs, and `kms:*` gives nothing that administers. `kms:ReEncryptFrom` is left out where `kms:Decrypt`
    does not stand beside it: with a key of his own as the target, a caller decrypts by it.

    Args:
        actions: IAM actions, in any case, with or without `*`.
        allowed: What the kind of key can do.

    Raises:
        ConfigurationError: If an action is not one of KMS, or not one that this kind of key has, or if
            nothing is left.

    Examples:
        >>> exact(["kms:GenerateDataKey*", "kms:Decrypt"], OF_KEY_POLICIES)
        ('kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext')
        >>> exact(["kms:Encrypt", "kms:ReEncrypt*"], OF_KEY_POLICIES)
        ('kms:Encrypt', 'kms:ReEncryptTo')
    """
    asked = tuple(actions)
    for name in asked:
        _refuse_unknown(name, _meant_by([name], allowed), allowed)
    found = _meant_by(asked, allowed)
    if DECRYPT[0] not in found:
        found.discard(RE_ENCRYPT_FROM)
    if not found:
        raise ConfigurationError(f"actions must give at least one permission, got {list(asked)}")
    return tuple(sorted(found))


def covering(actions: Iterable[str], allowed: frozenset[str]) -> tuple[str, ...]:
    """Return every action that these match, for a Deny: it must not deny less than was asked.

    Args:
        actions: IAM actions, in any case, with or without `*`.
        allowed: What the kind of key can do.

    Raises:
        ConfigurationError: If an action matches none that this kind of key has.

    Examples:
        >>> covering(["kms:ReEncrypt*"], OF_KEY_POLICIES)
        ('kms:ReEncryptFrom', 'kms:ReEncryptTo')
    """
    asked = tuple(actions)
    for name in asked:
        _refuse_unknown(name, matching([name], allowed), allowed)
    return tuple(sorted(matching(asked, allowed)))


def matching(patterns: Iterable[str], among: Iterable[str] = OF_KEY_POLICIES) -> set[str]:
    """Return the actions that IAM would match with any of these patterns, in AWS's spelling.

    Examples:
        >>> sorted(matching(["kms:re*from", "KMS:DECRYPT"]))
        ['kms:Decrypt', 'kms:ReEncryptFrom']
    """
    return set(_matching(tuple(patterns), frozenset(among)))


@lru_cache(maxsize=1_024)  # grants and IAM statements ask for the same few
def _matching(patterns: tuple[str, ...], among: frozenset[str]) -> frozenset[str]:
    # IAM knows * and ? alone; brackets stand for themselves.
    wanted = [pattern.lower().replace("[", "[[]") for pattern in patterns if isinstance(pattern, str)]
    return frozenset(action for action in among if any(fnmatchcase(action.lower(), pattern) for pattern in wanted))


def _meant_by(patterns: Iterable[str], allowed: frozenset[str]) -> set[str]:
    """Return the actions that are named, and by wildcards those of use alone."""
    asked = [pattern for pattern in patterns if isinstance(pattern, str)]  # what is no text means nothing
    wildcards = [pattern for pattern in asked if _WILDCARD.search(pattern)]
    named = [pattern for pattern in asked if pattern not in wildcards]
    return (matching(wildcards, _WILDCARDS_MEAN) & allowed) | matching(named, allowed)


def _refuse_unknown(name: str, found: set[str], allowed: frozenset[str]) -> None:
    if not found:
        one = next((action for action in USE_OF_ANY_KEY if action in allowed), DESCRIBE)
        raise ConfigurationError(f"actions must be KMS actions that this kind of key has, such as {one}, got {name!r}")
