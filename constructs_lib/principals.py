"""Who a key policy means, and under which conditions: plain data. No jsii.

Strings may hold `${...}`: a name for what only the deployment knows, such as `${AWS::AccountId}`. Who hands
the rendered policy to the CDK puts the tokens in.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from constructs_lib.errors import ConfigurationError

Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Operator, then condition key, then values."""

Effect = Literal["Allow", "Deny"]

PRINCIPAL_ARN = "aws:PrincipalArn"

_ARN = re.compile(r"(arn):{0}:{0}:{0}:{0}:(.+)".format(r"((?:\$\{[^}]*\}|[^:])*)"))


def arn_parts(arn: str) -> tuple[str, str, str, str, str, str]:
    """Split an ARN into its six parts, of which the last may hold colons. Colons in placeholders do not count.

    Raises:
        ConfigurationError: If it is not an ARN.

    Examples:
        >>> arn_parts("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Reader")[4:]
        ('${AWS::AccountId}', 'role/Reader')
    """
    found = _ARN.fullmatch(arn)
    if found is None:
        raise ConfigurationError(f"an ARN must be arn:partition:service:region:account:resource, got {arn!r}")
    prefix, partition, service, region, account, resource = found.groups()
    return prefix, partition, service, region, account, resource


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """One caller as a key policy names it.

    Attributes:
        kind: `AWS`, `Service` or `Federated`.
        value: The ARN or the service's name.
        named: The ARN that `aws:PrincipalArn` must equal, for a caller named by name; `value` is then the
            caller's account. Empty for a caller named by identity.
    """

    kind: Literal["AWS", "Service", "Federated"]
    value: str
    named: str = ""

    @classmethod
    def by_arn(cls, arn: str) -> "Principal":
        """Name a caller by identity: KMS binds the statement to that very role and drops it with the role."""
        return cls("AWS", arn)

    @classmethod
    def by_name(cls, arn: str) -> "Principal":
        """Name a caller by name: it survives re-creation, and a role of that name takes its place.

        KMS does not check that it exists, and the caller's account must allow the action in IAM too.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn

        Examples:
            >>> Principal.by_name("arn:aws:iam::111122223333:role/Reader").value
            'arn:aws:iam::111122223333:root'
        """
        _, partition, _, _, account, _ = arn_parts(arn)
        return cls("AWS", f"arn:{partition}:iam::{account}:root", arn)

    @property
    def is_account(self) -> bool:
        """Whether this is a whole account, whose IAM policies then decide."""
        return self.kind == "AWS" and self.value.endswith(":root") and not self.named


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a key names, and under which conditions.

    Attributes:
        principal: Who it is.
        conditions: What else must hold; usually nothing.
    """

    principal: Principal
    conditions: Conditions = field(default_factory=dict)

    def __str__(self) -> str:
        """Return who it is, for messages."""
        return self.principal.named or self.principal.value


@dataclass(frozen=True, slots=True)
class Permission:
    """What one caller may do, before it is written into a statement.

    Attributes:
        principal: The caller.
        actions: Exact KMS actions.
        conditions: What else must hold.
        effect: `Allow` or `Deny`.
    """

    principal: Principal
    actions: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)
    effect: Effect = "Allow"


def canonical_conditions(conditions: Conditions) -> Conditions:
    """Return the same conditions with operators, keys and values sorted and single."""
    return {
        operator: {key: sorted_values(values) for key, values in sorted(keys.items())}
        for operator, keys in sorted(conditions.items())
        if keys
    }


def merge_conditions(first: Conditions, second: Conditions) -> Conditions:
    """Return conditions that demand both.

    Raises:
        ConfigurationError: If both demand different values of one key under one operator, which one condition
            block cannot say (its values are alternatives).
    """
    merged = {operator: dict(keys) for operator, keys in first.items()}
    for operator, keys in second.items():
        for key, values in keys.items():
            present = merged.setdefault(operator, {}).setdefault(key, values)
            if sorted_values(present) != sorted_values(values):
                raise ConfigurationError(
                    f"conditions must demand one set of values of {key} under {operator}, "
                    f"got {list(present)} and {list(values)}"
                )
    return canonical_conditions(merged)


def short_digest(value: object) -> str:
    """Return six hexadecimal digits that stand for a JSON value, the same on every machine."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:6]


def sorted_values(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values in order, each once."""
    return tuple(sorted(set(values)))
