"""SecretStatement: one statement of a secret's resource policy as plain data. No jsii."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.errors import ConfigurationError
from constructs_lib.policy_size import longest_size
from constructs_lib.principals import Conditions, Effect, canonical_conditions, sorted_values
from constructs_lib.statements import policy_of

MAX_POLICY_CHARACTERS = 20_480
"""https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html"""

EVERYBODY: Mapping[str, tuple[str, ...]] = {"AWS": ("*",)}


@dataclass(frozen=True, kw_only=True)
class SecretStatement:
    """One statement of the resource policy of a secret, in canonical form.

    The resource is always the secret itself, written `*`: replicas get the same policy and have other ARNs.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html

    Attributes:
        sid: Letters and digits.
        effect: `Allow` or `Deny`.
        principals: Kind of principal to its values; `EVERYBODY` is everybody.
        actions: Exact actions of Secrets Manager, or all of them in a Deny.
        conditions: Operator to condition key to values.
    """

    sid: str
    effect: Effect
    principals: Mapping[str, tuple[str, ...]]
    actions: tuple[str, ...]
    conditions: Conditions = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort, and drop what stands twice."""
        object.__setattr__(self, "principals", {k: sorted_values(v) for k, v in sorted(self.principals.items())})
        object.__setattr__(self, "actions", sorted_values(self.actions))
        object.__setattr__(self, "conditions", canonical_conditions(self.conditions))

    def render(self) -> dict[str, Any]:
        """Return the statement as a policy document writes it."""
        rendered: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Principal": "*" if self.principals == EVERYBODY else _each(self.principals),
            "Action": _single(self.actions),
            "Resource": "*",
        }
        if self.conditions:
            rendered["Condition"] = {operator: _each(keys) for operator, keys in self.conditions.items()}
        return rendered


def render_secret_policy(statements: Iterable[SecretStatement]) -> dict[str, Any]:
    """Return the policy document of statements.

    Raises:
        ConfigurationError: If the policy may become larger than Secrets Manager takes.
    """
    written = [statement.render() for statement in statements]
    sizes = {each["Sid"]: longest_size(json.dumps(each, separators=(",", ":"))) for each in written}
    size = longest_size(json.dumps(policy_of(written), separators=(",", ":")))
    if size > MAX_POLICY_CHARACTERS:
        largest = ", ".join(f"{sid} {sizes[sid]}" for sid in sorted(sizes, key=lambda sid: -sizes[sid])[:3])
        raise ConfigurationError(
            f"the resource policy of a secret must be at most {MAX_POLICY_CHARACTERS} characters, got {size}; "
            f"the largest statements: {largest}"
        )
    return policy_of(written)


def _each(values: Mapping[str, tuple[str, ...]]) -> dict[str, str | list[str]]:
    return {name: _single(each) for name, each in values.items()}


def _single(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
