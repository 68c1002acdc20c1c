"""Every request that could make a difference between two resource policies of a secret, one of each kind.

Conditions compare what a request says with the values that they hold. So two policies are one if they decide alike
about every combination of these values and of one value more for each key, as far as AWS sends such a request: signed,
and either by a role, whose account is that of its ARN and whose session has an id, or by a service, which has neither.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-userid
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller
from tests.support.policy_mutants import listed
from tests.support.secret_judge import OPERATIONS, JudgedSecret, Operation

_THIRD_ACCOUNT = "999999999999"
_OF_CALLERS = "aws:PrincipalArn"
_USER_ID = "aws:userid"
_OF_REQUESTS = ("aws:CalledViaLast", "aws:PrincipalOrgID", _USER_ID)


def decide_alike(one: JudgedSecret, other: JudgedSecret, actions: Iterable[str]) -> bool:
    """Whether two policies of a secret decide alike about every request, with and without what could be added.

    Args:
        one: The secret with one policy.
        other: The same secret with the other.
        actions: Those to look at.
    """
    return all(
        one.lets(*request) == other.lets(*request)
        # Where everybody is let in, IAM of the account makes no difference, and that of others is demanded as before.
        and (not request[0].policies or one.opened.lets(*request) == other.opened.lets(*request))
        for request in _requests(one, other, _operations(one, other, frozenset(actions)))
    )


def _operations(one: JudgedSecret, other: JudgedSecret, actions: frozenset[str]) -> Iterable[Operation]:
    """Return one operation for each choice of statements that both policies make."""
    compared = {*_values(one, other)}
    return {
        (
            *(secret.statements_about(each.action) for secret in (one, other)),
            tuple(pair for pair in each.said.items() if pair[0] in compared),
        ): each
        for each in OPERATIONS.values()
        if f"secretsmanager:{each.action}" in actions
    }.values()


def _requests(
    one: JudgedSecret, other: JudgedSecret, operations: Iterable[Operation]
) -> Iterator[tuple[Caller, Operation, Mapping[str, Any]]]:
    values = _values(one, other)
    said = [
        {key: value for key, value in zip(_OF_REQUESTS, chosen, strict=True) if value}
        for chosen in product(*(_alternatives(values.get(key, set())) for key in _OF_REQUESTS))
    ]
    for caller, operation, context in product(_callers(values.get(_OF_CALLERS, set())), operations, said):
        # A service that asks for itself is in no organization and has no session.
        if not context if caller.service else (_USER_ID in context or _USER_ID not in values):
            yield caller, operation, context


def _alternatives(compared: set[str]) -> list[str]:
    # Where no condition compares a key, it makes no difference what a request says.
    return [*sorted(compared), "something else", ""] if compared else [""]


def _callers(names: set[str]) -> Iterator[Caller]:
    roles = {f"arn:aws:iam::{account}:role/Anybody" for account in (ACCOUNT, OTHER_ACCOUNT, _THIRD_ACCOUNT)}
    for arn, policies in product(sorted(names | roles), ((), (ALLOW_EVERYTHING,))):
        yield Caller(arn, policies)
    yield from (Caller(service=f"{name}.amazonaws.com", policies=(ALLOW_EVERYTHING,)) for name in ("glue", "sns"))


def _values(*secrets: JudgedSecret) -> dict[str, set[str]]:
    """What the conditions of policies compare with, by key; something that fits it for a pattern."""
    found: dict[str, set[str]] = {}
    for secret in secrets:
        for statement in secret.policy["Statement"]:
            for keys in statement.get("Condition", {}).values():
                for key, values in keys.items():
                    found.setdefault(key, set()).update(value.replace("*", "Any") for value in listed(values))
    return found
