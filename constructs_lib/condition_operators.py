"""Which operators and which condition keys of KMS a condition may have: what IAM does not know never holds. No jsii."""

import re
from difflib import get_close_matches
from functools import lru_cache

from constructs_lib.errors import ConfigurationError

_NULL = "Null"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS = (
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    _NULL,
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
)
_IF_EXISTS = "IfExists"
_OF_SEVERAL = re.compile(r"For(AllValues|AnyValue):")

_OF_KMS = "kms:"
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
_KEYS = (
    "BypassPolicyLockoutSafetyCheck",
    "CallerAccount",
    "CustomerMasterKeySpec",
    "CustomerMasterKeyUsage",
    "DataKeyPairSpec",
    "EncryptionAlgorithm",
    "EncryptionContextKeys",
    "ExpirationModel",
    "GrantConstraintSourceArn",
    "GrantConstraintType",
    "GrantIsForAWSResource",
    "GrantOperations",
    "GranteePrincipal",
    "GranteeServicePrincipal",
    "KeyAgreementAlgorithm",
    "KeyOrigin",
    "KeySpec",
    "KeyUsage",
    "MacAlgorithm",
    "MessageType",
    "MultiRegion",
    "MultiRegionKeyType",
    "PrimaryRegion",
    "ReEncryptOnSameKey",
    "ReplicaRegion",
    "RequestAlias",
    "ResourceAliases",
    "RetiringPrincipal",
    "RetiringServicePrincipal",
    "RotationPeriodInDays",
    "ScheduleKeyDeletionPendingWindowInDays",
    "SigningAlgorithm",
    "TrailingDaysWithoutKeyUsage",
    "ValidTo",
    "ViaService",
    "WrappingAlgorithm",
    "WrappingKeySpec",
)
_KNOWN = {key.lower(): key for key in _KEYS}
# A context's key is anybody's choice; what an enclave or a NitroTPM attests has a number.
_OPEN = re.compile(r"(EncryptionContext:.+|RecipientAttestation:(ImageSha384|(NitroTPM)?PCR\d+))", re.IGNORECASE)


@lru_cache(maxsize=256)  # keys of one app say much the same
def check_operator(operator: str) -> None:
    """Refuse an operator that IAM does not know.

    Args:
        operator: With `ForAllValues:` or `ForAnyValue:` before it, and `IfExists` behind it, where it has them.

    Raises:
        ConfigurationError: If there is none, or it does not take what stands before or behind it.

    Examples:
        >>> check_operator("ForAnyValue:StringLikeIfExists")
    """
    without = _OF_SEVERAL.sub("", operator, count=1) if _OF_SEVERAL.match(operator) else operator
    plain = without.removesuffix(_IF_EXISTS)
    if plain not in _OPERATORS or (plain == _NULL and operator != _NULL):
        close = get_close_matches(plain, _OPERATORS, n=1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        raise ConfigurationError(f"conditions must have operators of IAM such as StringEquals, got {operator}{meant}")


@lru_cache(maxsize=256)
def check_condition_key(key: str) -> None:
    """Refuse a condition key of KMS that KMS does not have. Others are those of IAM and of services: not looked at.

    Args:
        key: As IAM takes it: upper and lower case do not matter.

    Raises:
        ConfigurationError: If it begins with `kms:` and is none.

    Examples:
        >>> check_condition_key("kms:EncryptionContext:tenant")
    """
    prefix, name = key[: len(_OF_KMS)].lower(), key[len(_OF_KMS) :]
    if prefix == _OF_KMS and name.lower() not in _KNOWN and not _OPEN.fullmatch(name):
        close = get_close_matches(name.lower(), _KNOWN, n=1)
        meant = f" (did you mean {_OF_KMS}{_KNOWN[close[0]]}?)" if close else ""
        raise ConfigurationError(f"conditions must have condition keys that KMS has, got {key}{meant}")
