"""Every IAM action that this library writes or understands, grouped by intent."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from constructs_lib.errors import ConfigurationError

DECRYPT = ("kms:Decrypt",)
ENCRYPT = ("kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")
GENERATE_DATA_KEY = ("kms:GenerateDataKey",)
RE_ENCRYPT_FROM = "kms:ReEncryptFrom"
RE_ENCRYPT_TO = "kms:ReEncryptTo"
DESCRIBE = "kms:DescribeKey"
CREATE_GRANT = "kms:CreateGrant"
PUT_KEY_POLICY = "kms:PutKeyPolicy"
EVERYTHING = "kms:*"
"""What the CDK asks for in places; never written."""

USE = (*DECRYPT, *ENCRYPT, RE_ENCRYPT_FROM, RE_ENCRYPT_TO)
"""What one can do with a symmetric key and data. Pairs of asymmetric data keys have to be asked for by name."""

INSPECT = (
    DESCRIBE,
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
)
"""Metadata: no data, no change."""

ADMINISTER = (
    *INSPECT,
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    PUT_KEY_POLICY,
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""A key's life. Neither a cryptographic operation nor `CreateGrant`, which can hand one out."""

OF_ALIASES = frozenset(("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"))
"""What IAM policies allow on an alias as well as on its key."""

CREATE_THROUGH_SERVICE = (*DECRYPT, *ENCRYPT, DESCRIBE)
"""What AWS services ask of a key on behalf of whoever creates an encrypted resource."""

DATA_KEY_PAIRS = ("kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext")

SYMMETRIC_KEY = frozenset((*USE, *ADMINISTER, *DATA_KEY_PAIRS, CREATE_GRANT, "kms:RetireGrant"))
"""The actions that mean something in the key policy of a symmetric encryption key.

Left out, because a key policy cannot give them or this kind of key cannot do them: `CreateKey`, `ListKeys`,
`ListAliases`, custom key stores, `GenerateRandom`; signing, MACs and key agreement; replicas; key material.
https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

READ_TEMPLATE_PARAMETERS = "ssm:GetParameters"
"""What CloudFormation asks for a template parameter that names one of Systems Manager."""

SEND_TRACES = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
"""What a traced function does. X-Ray offers both on every resource only.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
"""

_WILDCARDS_MEAN = (*USE, DESCRIBE)
_WILDCARD = re.compile(r"[*?]")


def exact(actions: Iterable[str], allowed: frozenset[str] = SYMMETRIC_KEY) -> tuple[str, ...]:
    """Return the same permission without wildcards, in AWS's spelling, sorted.

    A wildcard means the actions of use that it matches: `kms:GenerateDataKey*` gives no asymmetric pairs,
    and `kms:*` gives nothing that administers. `kms:ReEncryptFrom` is left out where `kms:Decrypt` does not
    stand beside it: with a key of his own as the target, a caller decrypts by it.

    Args:
        actions: IAM actions, in any case, with or without `*`.
        allowed: What the kind of key can do.

    Raises:
        ConfigurationError: If an action is not one of KMS, or not one that this kind of key has, or if
            nothing is left.

    Examples:
        >>> exact(["kms:GenerateDataKey*", "kms:Decrypt"])
        ('kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext')
        >>> exact(["kms:Encrypt", "kms:ReEncrypt*"])
        ('kms:Encrypt', 'kms:ReEncryptTo')
    """
    asked = tuple(actions)
    for name in asked:
        _refuse_unknown(name, _meant_by([name], allowed))
    found = _meant_by(asked, allowed)
    if DECRYPT[0] not in found:
        found.discard(RE_ENCRYPT_FROM)
    if not found:
        raise ConfigurationError(f"actions must give at least one permission, got {list(asked)}")
    return tuple(sorted(found))


def covering(actions: Iterable[str], allowed: frozenset[str] = SYMMETRIC_KEY) -> tuple[str, ...]:
    """Return every action that these match, for a Deny: it must not deny less than was asked.

    Args:
        actions: IAM actions, in any case, with or without `*`.
        allowed: What the kind of key can do.

    Raises:
        ConfigurationError: If an action matches none that this kind of key has.

    Examples:
        >>> covering(["kms:ReEncrypt*"])
        ('kms:ReEncryptFrom', 'kms:ReEncryptTo')
    """
    asked = tuple(actions)
    for name in asked:
        _refuse_unknown(name, matching([name], allowed))
    return tuple(sorted(matching(asked, allowed)))


def matching(patterns: Iterable[str], among: Iterable[str] = SYMMETRIC_KEY) -> set[str]:
    """Return the actions that IAM would match with any of these patterns, in AWS's spelling.

    Examples:
        >>> sorted(matching(["kms:re*from", "KMS:DECRYPT"]))
        ['kms:Decrypt', 'kms:ReEncryptFrom']
    """
    # IAM knows * and ? alone; brackets stand for themselves.
    wanted = [pattern.lower().replace("[", "[[]") for pattern in patterns]
    return {action for action in among if any(fnmatchcase(action.lower(), pattern) for pattern in wanted)}


def _meant_by(patterns: Iterable[str], allowed: frozenset[str]) -> set[str]:
    """Return the actions that are named, and by wildcards those of use alone."""
    asked = tuple(patterns)
    wildcards = [pattern for pattern in asked if _WILDCARD.search(pattern)]
    named = [pattern for pattern in asked if pattern not in wildcards]
    return (matching(wildcards, _WILDCARDS_MEAN) & allowed) | matching(named, allowed)


def _refuse_unknown(name: str, found: set[str]) -> None:
    if not found:
        raise ConfigurationError(
            f"actions must be KMS actions that this kind of key has, such as {DECRYPT[0]}, got {name!r}"
        )
