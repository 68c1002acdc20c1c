"""What guards write into a key policy. No jsii.

Each Deny but one spares the deployers, so that CloudFormation can create, update, roll back and delete the key, also
when one deployment changes a guard together with what it guards: `EnableKeyRotation` comes before `PutKeyPolicy`, and
is decided under the old guard. Who is spared is known by `aws:PrincipalArn`. An AWS service that acts for itself has
none, so a Deny hits it.

The one that hits deployers denies a way of calling `PutKeyPolicy` that no deployment uses. There is no other Deny of
`PutKeyPolicy`: it would be a policy that nobody could repair.
"""

from collections.abc import Iterable

from constructs_lib.actions import (
    DELETE_IMPORTED_KEY_MATERIAL,
    DISABLE_KEY_ROTATION,
    ENABLE_KEY_ROTATION,
    PUT_KEY_POLICY,
    SCHEDULE_KEY_DELETION,
)
from constructs_lib.errors import ConfigurationError
from constructs_lib.guards import ROTATION_DAYS, Guard, KeepsLockoutCheck, OnlyDeletedBy, WaitsAtLeast
from constructs_lib.key_kind import KeyKind
from constructs_lib.principals import Conditions, Person, Principal, merge_conditions
from constructs_lib.spared_callers import everybody_but, names_to_spare, without_conditions
from constructs_lib.statements import Statement

# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
_BYPASS = "kms:BypassPolicyLockoutSafetyCheck"
_PENDING_WINDOW = "kms:ScheduleKeyDeletionPendingWindowInDays"
_ROTATION_PERIOD = "kms:RotationPeriodInDays"

_ROTATION_DAYS_IF_LEFT_OUT = 365
_EVERYBODY = {"AWS": ("*",)}


def guard_statements(
    guards: Iterable[Guard], *, kind: KeyKind, people: Iterable[Person], deployers: Iterable[Principal]
) -> list[Statement]:
    """Return the statements of guards, in an order that does not depend on theirs.

    Args:
        guards: What the key was given, checked.
        kind: What the key can do.
        people: Whom the guards name, as the key policy names them.
        deployers: Who deploys the key.

    Raises:
        ConfigurationError: If somebody who is to be spared has no name of his own, or is meant only under conditions.
    """
    deploying = names_to_spare("guards must spare", deployers)
    if not deploying:
        raise ConfigurationError("deployers must name who deploys the key, got nobody")
    named = (without_conditions("guards", person) for person in people)
    deleting = (*names_to_spare("guards must spare", named), *deploying)
    written: list[Statement] = []
    for guard in guards:
        if isinstance(guard, OnlyDeletedBy):
            loses_data = {SCHEDULE_KEY_DELETION, DELETE_IMPORTED_KEY_MATERIAL} & kind.actions
            written.append(_deny("GuardDeletion", loses_data, everybody_but(deleting)))
        elif isinstance(guard, WaitsAtLeast):
            shorter = {"NumericLessThan": {_PENDING_WINDOW: (str(guard.days),)}}
            written.append(_deny("GuardWaitingPeriod", [SCHEDULE_KEY_DELETION], everybody_but(deploying), shorter))
        elif isinstance(guard, KeepsLockoutCheck):
            written.append(_deny("GuardLockoutCheck", [PUT_KEY_POLICY], {"Bool": {_BYPASS: ("true",)}}))
        else:
            written += _rotation(guard.days, everybody_but(deploying))
    return sorted(written, key=lambda statement: statement.sid)


def _rotation(days: int, others: Conditions) -> list[Statement]:
    left_out_is_too_long = days < _ROTATION_DAYS_IF_LEFT_OUT
    longer = "NumericGreaterThanIfExists" if left_out_is_too_long else "NumericGreaterThan"
    written = [
        _deny("GuardRotationOff", [DISABLE_KEY_ROTATION], others),
        _deny("GuardRotationPeriod", [ENABLE_KEY_ROTATION], others, {longer: {_ROTATION_PERIOD: (str(days),)}}),
    ]
    if left_out_is_too_long:
        # No page of AWS says what the condition key is in a request that leaves the period out. Absent is denied above,
        # as is 365; 0 is denied here, which costs nobody anything, since KMS takes no period below the shortest.
        impossible = {"NumericLessThan": {_ROTATION_PERIOD: (str(ROTATION_DAYS.start),)}}
        written.append(_deny("GuardRotationPeriodLeftOut", [ENABLE_KEY_ROTATION], others, impossible))
    return written


def _deny(sid: str, actions: Iterable[str], first: Conditions, second: Conditions | None = None) -> Statement:
    conditions = merge_conditions(first, second or {})
    return Statement(sid=sid, effect="Deny", principals=_EVERYBODY, actions=tuple(actions), conditions=conditions)
