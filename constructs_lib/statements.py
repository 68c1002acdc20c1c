"""Statement: one statement of a key policy as plain data. Rendering, size, canonical order. No jsii.

Strings may hold `${...}`: a name for what only the deployment knows, such as `${AWS::AccountId}`. Who hands
the rendered policy to the CDK puts the tokens in (see `token_text`).
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.condition_operators import check_condition_key, check_operator
from constructs_lib.errors import ConfigurationError
from constructs_lib.organization_path import is_within_a_unit
from constructs_lib.policy_size import MAX_POLICY_BYTES, longest_size, names_resources
from constructs_lib.policy_variables import are_literal
from constructs_lib.principals import (
    PRINCIPAL_ARN,
    Conditions,
    Effect,
    Principal,
    canonical_conditions,
    merge_conditions,
    sorted_values,
)

# https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html: tab, newline, return, space to U+00FF
_REFUSED_BY_KMS = re.compile(r"[^\t\n\r\u0020-\u00ff]")
_SID = re.compile(r"[A-Za-z0-9]+")
_EVERYBODY = "*"
_WILDCARD = re.compile(r"[*?]")
_KINDS = ("AWS", "Federated", "Service")
_PINS_CALLERS = ("aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "kms:CallerAccount")
_PINS_UNITS = "aws:PrincipalOrgPaths"

_SIZE_WITHOUT_STATEMENTS = len('{"Version":"2012-10-17","Statement":[]}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a key policy, in canonical form and checked as it is made.

    The resource of a key policy is always the key itself, written `*`.

    Attributes:
        sid: Letters and digits; no two statements of a policy share one.
        effect: `Allow` or `Deny`.
        principals: Kind of principal to its values; `{"AWS": ("*",)}` is everybody.
        actions: Exact KMS actions.
        conditions: Operator to condition key to values.

    Examples:
        >>> reader = Principal.by_arn("arn:aws:iam::111122223333:role/Reader")
        >>> Statement.for_callers("Read", [reader], ["kms:Decrypt"])[0].render()["Principal"]
        {'AWS': 'arn:aws:iam::111122223333:role/Reader'}
    """

    sid: str
    principals: Mapping[str, tuple[str, ...]]
    actions: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)
    effect: Effect = "Allow"
    text: str = field(init=False, repr=False, compare=False)
    """The statement as JSON without spaces; equal statements have equal texts."""
    size: int = field(init=False, repr=False, compare=False)
    """Bytes of the statement in the policy, each placeholder counted as the longest it can become."""

    def __post_init__(self) -> None:
        """Sort, drop what stands twice, and refuse what KMS would refuse or silently ignore.

        Raises:
            ConfigurationError: If there is no action or no principal, an action that a key policy cannot give,
                everybody without a condition, a condition that IAM or KMS does not know, a Sid of other characters, or
                a character that KMS rejects.
        """
        if not _SID.fullmatch(self.sid):
            raise ConfigurationError(f"sid must be letters and digits, got {self.sid!r}")
        if not self.actions:
            raise ConfigurationError(f"actions must name at least one KMS action, got none in statement {self.sid}")
        for action in self.actions:
            if action not in OF_KEY_POLICIES:
                raise ConfigurationError(
                    f"actions must be exact KMS actions of a key policy, got {action!r} in statement {self.sid}"
                )
        self._check_principals()
        for operator, keys in self.conditions.items():
            check_operator(operator)
            for key, values in keys.items():
                check_condition_key(key)
                if not values:
                    raise ConfigurationError(
                        f"conditions must have a value, got none of {key} under {operator} in statement {self.sid}"
                    )
        object.__setattr__(self, "principals", {k: sorted_values(v) for k, v in sorted(self.principals.items()) if v})
        object.__setattr__(self, "actions", sorted_values(self.actions))
        object.__setattr__(self, "conditions", canonical_conditions(self.conditions))
        # Asked for each time that a grant changes the policy around it, so it is said once.
        object.__setattr__(self, "text", json.dumps(self.render(), separators=(",", ":"), ensure_ascii=False))
        object.__setattr__(self, "size", longest_size(self.text))
        refused = _REFUSED_BY_KMS.search(self.text)
        if refused:
            raise ConfigurationError(
                f"a key policy must hold only characters up to U+00FF, got {refused[0]!r} in statement {self.sid}"
            )

    @classmethod
    def for_callers(
        cls,
        sid: str,
        callers: Iterable[Principal],
        actions: Iterable[str],
        conditions: Conditions | None = None,
        effect: Effect = "Allow",
    ) -> "list[Statement]":
        """Allow callers some actions: one statement for those named by identity, one for those by name or pattern.

        Several names share a statement, also of several accounts, without letting anybody else in: the ARN
        that `aws:PrincipalArn` must equal holds its account.
        """
        under = tuple(
            (operator, tuple((key, tuple(values)) for key, values in keys.items()))
            for operator, keys in (conditions or {}).items()
        )
        return list(_for_callers(sid, tuple(callers), tuple(actions), under, effect))

    def render(self) -> dict[str, Any]:
        """Return the statement as a policy document writes it."""
        everybody = self.principals == {"AWS": (_EVERYBODY,)}
        rendered: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Principal": _EVERYBODY if everybody else {k: _single(v) for k, v in self.principals.items()},
            "Action": _single(self.actions),
            "Resource": "*",
        }
        if self.conditions:
            rendered["Condition"] = {
                operator: {key: _single(values) for key, values in keys.items()}
                for operator, keys in self.conditions.items()
            }
        return rendered

    def _check_principals(self) -> None:
        if not any(self.principals.values()):
            raise ConfigurationError(f"principals must name somebody, got nobody in statement {self.sid}")
        for kind, values in self.principals.items():
            if kind not in _KINDS:
                raise ConfigurationError(
                    f"principals must be of kind {', '.join(_KINDS)}, got {kind} in statement {self.sid}"
                )
            for value in values:
                # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
                if _WILDCARD.search(value) and (kind, value) != ("AWS", _EVERYBODY):
                    raise ConfigurationError(
                        f"principals must be written without wildcards, got {value!r} in statement {self.sid}"
                    )
        if self.effect == "Allow" and _EVERYBODY in self.principals.get("AWS", ()) and not self._names_callers():
            raise ConfigurationError(
                f"principals must not be everybody unless a condition equals one of {', '.join(_PINS_CALLERS)}, "
                f"or names units in {_PINS_UNITS}, got '*' in statement {self.sid}"
            )

    @property
    def names_resources(self) -> bool:
        """Whether it refers to something in a stack, rather than to accounts, names and services alone."""
        return names_resources(self.text)

    def _names_callers(self) -> bool:
        # It is a key with several values, which other operators do not take; ForAllValues holds where there is none.
        units = [self.conditions.get(f"ForAnyValue:{operator}", {}) for operator in ("StringEquals", "StringLike")]
        return any(
            key in _PINS_CALLERS and are_literal(values)
            for operator, keys in self.conditions.items()
            if operator in {"StringEquals", "ArnEquals"}
            for key, values in keys.items()
        ) or any(all(map(is_within_a_unit, keys[_PINS_UNITS])) for keys in units if _PINS_UNITS in keys)


@lru_cache(maxsize=1_024)  # keys of one app say much the same
def _for_callers(
    sid: str,
    callers: tuple[Principal, ...],
    actions: tuple[str, ...],
    under: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...],
    effect: Effect,
) -> tuple[Statement, ...]:
    groups = {
        "": ("", [caller for caller in callers if not caller.named]),
        "ByName": ("ArnEquals", [each for each in callers if each.named and not _WILDCARD.search(each.named)]),
        "ByPattern": ("ArnLike", [each for each in callers if _WILDCARD.search(each.named)]),
    }
    return tuple(
        Statement(
            sid=sid + suffix,
            effect=effect,
            principals={
                kind: tuple(caller.value for caller in group if caller.kind == kind)
                for kind in {caller.kind for caller in group}
            },
            actions=actions,
            conditions=merge_conditions(
                {operator: dict(keys) for operator, keys in under},
                {operator: {PRINCIPAL_ARN: tuple(caller.named for caller in group)}} if operator else {},
            ),
        )
        for suffix, (operator, group) in groups.items()
        if group
    )


def render_policy(statements: Iterable[Statement]) -> dict[str, Any]:
    """Return the policy document of these statements.

    Raises:
        ConfigurationError: If two statements share a Sid, or the policy is larger than KMS takes.
    """
    return policy_of([statement.render() for statement in fitting(statements)])


def policy_of(statements: list[Any]) -> dict[str, Any]:
    """Return the policy document of rendered statements."""
    return {"Version": "2012-10-17", "Statement": statements}


def fitting(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return statements that make one policy together.

    Raises:
        ConfigurationError: If two statements share a Sid, or the policy is larger than KMS takes.
    """
    written = tuple(statements)
    seen: set[str] = set()
    for statement in written:
        if statement.sid in seen:
            raise ConfigurationError(f"sid must be unique in a key policy, got {statement.sid!r} twice")
        seen.add(statement.sid)
    size = _SIZE_WITHOUT_STATEMENTS + sum(statement.size for statement in written) + max(len(written) - 1, 0)
    if size > MAX_POLICY_BYTES:
        largest = ", ".join(f"{s.sid} {s.size}" for s in sorted(written, key=lambda s: -s.size)[:3])
        raise ConfigurationError(
            f"a key policy must be at most {MAX_POLICY_BYTES} bytes, got {size}; the largest statements: {largest}"
        )
    return written


def _single(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
