"""The judge: what AWS KMS decides about one request, by an IAM engine that this project did not write.

The engine is ministack's. Where it answers otherwise than AWS documents, the policies are rewritten before it reads
them, or the judge refuses to judge; `tests/policies/test_judge.py` holds each such place against AWS's rule:

- `aws:PrincipalArn` of a role session is the role's ARN with its path. The engine answers the session's ARN, so
  policies ask it for the same value under a name of the judge's.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
- KMS keeps the unique id of a role or user that a policy names by ARN. The engine compares names and forgets the
  path, so the judge hands it unique ids in the place of names.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
- The Arn operators compare the six parts of an ARN one by one; the engine's `*` runs across colons.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
- The account's root user is bound by a key policy like everybody else. The engine's entry point lets root through,
  so the judge asks one floor below it.
  https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
- KMS answers no unsigned request, whatever a policy says.

KMS also refuses some operations to other accounts whatever the policy says; the judge does not, so that a policy is
never right by that luck alone.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from ministack.core import iam_evaluator as engine

Document = Mapping[str, Any]

ALLOW_EVERYTHING: Document = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

_PRINCIPAL_ARN = "aws:PrincipalArn"
PRINCIPAL_ARN_FOR_THE_ENGINE = "judge:PrincipalArn"
_IDENTITY = re.compile(r"(arn:[^:]+:iam::\d{12}):(?:role|user)/.+")
_ACCOUNT = re.compile(r"\d{12}|arn:[^:]+:iam::\d{12}:root")
_ARN_PARTS = 6


@dataclass(frozen=True)
class Caller:
    """Whoever asks KMS for something.

    Attributes:
        arn: Of a role, a user or an account's root user; empty for a service and for nobody.
        policies: The IAM policies of a role or user.
        service: The service principal, such as `logs.eu-west-1.amazonaws.com`, of a service that acts for itself.
        life: Counts the identities that had this ARN one after another. Key policies are put in the first.
    """

    arn: str = ""
    policies: tuple[Document, ...] = ()
    service: str = ""
    life: int = 1

    @property
    def account(self) -> str:
        """The account of a role, user or root user."""
        return self.arn.split(":")[4] if self.arn else ""

    @property
    def is_root_user(self) -> bool:
        """Whether this is an account's root user."""
        return self.arn.endswith(":root")

    @cached_property
    def engine_arn(self) -> str:
        """The ARN by which the engine knows the caller."""
        if not _IDENTITY.fullmatch(self.arn):
            return self.arn
        return f"arn:aws:sts::{self.account}:assumed-role/{unique_id(self.arn, life=self.life)}/session"

    @cached_property
    def parsed_policies(self) -> list[list[Any]]:
        """The IAM policies as the engine reads them."""
        policies = (ALLOW_EVERYTHING,) if self.is_root_user else self.policies
        return [engine.parse_policy_document(_with_our_principal_arn(policy)) for policy in policies]


@dataclass(frozen=True)
class KmsKey:
    """A key with the policy that was put on it.

    Attributes:
        arn: The key's ARN.
        policy: Its policy, with literal values only.
        aliases: Names with the prefix `alias/`.
    """

    arn: str
    policy: Document
    aliases: tuple[str, ...] = ()
    _early_wildcards: list[str] = field(default_factory=list, init=False, compare=False)
    _by_action: dict[str, list[Document]] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what the engine would take for something else than AWS does."""
        for statement in self.policy["Statement"]:
            if "NotPrincipal" in statement or "NotAction" in statement:
                raise ValueError(f"a statement must say Principal and Action, not what is excepted, got {statement}")
            for value in _principals(statement):
                if value != "*" and "*" in value:
                    raise ValueError(f"a principal must hold no wildcard, which KMS refuses, got {value}")
            for operator, name, value in _conditions(statement):
                self._check_condition(operator, name, value)

    def _check_condition(self, operator: str, name: str, value: str) -> None:
        bare = operator.lower().removesuffix("ifexists").rpartition(":")[2]
        if bare != "null" and bare not in engine._CONDITION_OPS:
            raise ValueError(f"a condition operator must be one that the engine knows, got {operator}")
        if "${" in value:
            raise ValueError(f"a condition must hold no variable, which the engine does not replace, got {value}")
        if bare.startswith("arn"):
            parts = value.split(":", _ARN_PARTS - 1)
            if len(parts) != _ARN_PARTS:
                raise ValueError(f"{operator} {name} must be an ARN of six parts, got {value}")
            if any("*" in part or "?" in part for part in parts[:-1]):
                self._early_wildcards.append(value)

    @property
    def account(self) -> str:
        """The account that owns the key."""
        return self.arn.split(":")[4]

    @cached_property
    def stored_policy(self) -> Document:
        """The policy as KMS keeps it: identities instead of the ARNs of roles and users."""
        stored = _with_our_principal_arn(self.policy)
        for statement in stored["Statement"]:
            principal = statement["Principal"]
            if isinstance(principal, dict) and "AWS" in principal:
                statement["Principal"] = {**principal, "AWS": [_as_identity(v) for v in _listed(principal["AWS"])]}
        return stored

    def statements_about(self, action: str) -> list[Document]:
        """The statements of the stored policy that name an action, as if they named no other.

        The engine is asked about that action alone; matching it with a list of forty takes most of its time.
        """
        if action not in self._by_action:
            self._by_action[action] = [
                {**statement, "Action": action}
                for statement in self.stored_policy["Statement"]
                if any(engine.fnmatch_iam(action, name) for name in _listed(statement["Action"]))
            ]
        return self._by_action[action]

    def is_for(self, statement: Mapping[str, Any], caller: Caller) -> bool:
        """Whether a statement of the stored policy names a caller, whatever else it says."""
        if not caller.arn and not caller.service:
            return False  # unsigned
        alone = {"Effect": "Allow", "Principal": statement["Principal"], "Action": "*", "Resource": "*"}
        asked = self._asked(caller, "kms:DescribeKey", {})
        found = engine.evaluate_resource_policy({"Statement": [alone]}, asked, service=caller.service or None)
        return bool(found.decision == "Allow")

    def meets(self, conditions: Mapping[str, Any], caller: Caller, context: Mapping[str, Any]) -> bool:
        """Whether a signed request of a caller meets the conditions of a statement, whomever and whatever that names.

        Args:
            conditions: Those of a statement of the stored policy.
            caller: Who asks.
            context: The request's condition keys, as in `allows`.
        """
        alone = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": conditions}
        asked = self._asked(caller, "kms:DescribeKey", self._keys(caller, context))
        return bool(engine.evaluate_resource_policy({"Statement": [alone]}, asked).decision == "Allow")

    def allows(self, caller: Caller, action: str, context: Mapping[str, Any]) -> bool:
        """Whether KMS does what a caller asks for.

        Args:
            caller: Who asks.
            action: An exact KMS action.
            context: The request's condition keys, beside those that follow from caller and key.
        """
        if not caller.arn and not caller.service:
            return False  # unsigned
        keys = self._keys(caller, context)
        asked = self._asked(caller, action, keys)
        policy = {"Statement": self.statements_about(action)}
        if caller.service:
            decision = engine.evaluate_resource_policy(policy, asked, service=caller.service)
        else:
            in_iam = engine.evaluate(asked, caller.parsed_policies)
            decision = engine.combine_resource_policy(in_iam, asked, policy, self.account, required=True)
        return bool(decision.decision == "Allow")

    def _keys(self, caller: Caller, context: Mapping[str, Any]) -> dict[str, Any]:
        keys: dict[str, Any] = {"kms:resourcealiases": list(self.aliases)} if self.aliases else {}
        if caller.arn:
            keys |= {PRINCIPAL_ARN_FOR_THE_ENGINE.lower(): caller.arn, "kms:calleraccount": caller.account}
        keys |= {name.lower(): value for name, value in context.items()}
        self._check_wildcards(keys)
        return keys

    def _asked(self, caller: Caller, action: str, keys: Mapping[str, Any]) -> engine.EvalContext:
        return engine.EvalContext(
            principal_arn=caller.engine_arn,
            principal_type="Root" if caller.is_root_user else "AssumedRole",
            principal_account=caller.account,
            action=action,
            resource_arn=self.arn,
            region=self.arn.split(":")[3],
            secure_transport=True,
            service_context=keys,
        )

    def _check_wildcards(self, keys: Mapping[str, Any]) -> None:
        for pattern in self._early_wildcards:
            for value in keys.values():
                if not isinstance(value, str) or value.count(":") < _ARN_PARTS - 1:
                    continue
                parts = zip(value.split(":", _ARN_PARTS - 1), pattern.split(":", _ARN_PARTS - 1), strict=True)
                if all(fnmatchcase(*pair) for pair in parts) != engine.fnmatch_iam_cs(value, pattern):
                    raise ValueError(f"engine and AWS must agree whether {pattern} matches, got {value}")


def unique_id(arn: str, *, life: int = 1) -> str:
    """Return what stands for the unique id that IAM gives a role or user."""
    return "AROA" + hashlib.sha256(f"{arn} {life}".encode()).hexdigest()[:17].upper()


def _as_identity(principal: str) -> str:
    found = _IDENTITY.fullmatch(principal)
    return f"{found[1]}:role/{unique_id(principal)}" if found else principal


def _with_our_principal_arn(policy: Document) -> dict[str, Any]:
    text = json.dumps(policy)
    return dict(json.loads(text.replace(f'"{_PRINCIPAL_ARN}"', f'"{PRINCIPAL_ARN_FOR_THE_ENGINE}"')))


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    principal = statement["Principal"]
    for values in [principal] if isinstance(principal, str) else principal.values():
        yield from _listed(values)


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for operator, keys in statement.get("Condition", {}).items():
        for name, values in keys.items():
            for value in _listed(values):
                yield operator, name, value


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values
