from itertools import permutations
from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.guard_statements import guard_statements
from constructs_lib.guards import Guard, KeepsLockoutCheck, OnlyDeletedBy, RotatesWithin, WaitsAtLeast
from constructs_lib.key_kind import SIGNING, SYMMETRIC, KeyKind
from constructs_lib.principals import Person, Principal
from tests.support.some_principal import SomePrincipal

ACCOUNT = "arn:aws:iam::111122223333"
DEPLOYER = f"{ACCOUNT}:role/deployer"
RELEASER = f"{ACCOUNT}:role/Releaser"
NIGHT = f"{ACCOUNT}:user/ops/Night"
SSO = f"{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_KeyAdmins_*"

DELETION = OnlyDeletedBy(people=[SomePrincipal()])


def _statements(
    *guards: Guard, people: tuple[Principal, ...] = (), kind: KeyKind = SYMMETRIC, deployer: str = DEPLOYER
) -> list[dict[str, Any]]:
    written = guard_statements(
        guards,
        kind=kind,
        people=[Person(person) for person in people],
        deployers=[Principal.by_name(deployer)],
    )
    return [statement.render() for statement in written]


def _deny(sid: str, action: Any, **condition: Any) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": "*",
        "Condition": condition,
    }


NOT_DEPLOYER = {"aws:PrincipalArn": DEPLOYER}


def test_deletion_is_denied_to_everybody_but_the_named_and_the_deployers() -> None:
    people = (Principal.by_arn(RELEASER), Principal.by_name(NIGHT))

    assert _statements(DELETION, people=people) == [
        _deny(
            "GuardDeletion", "kms:ScheduleKeyDeletion", ArnNotEquals={"aws:PrincipalArn": [RELEASER, DEPLOYER, NIGHT]}
        )
    ]


def test_a_name_by_pattern_is_a_demand_of_its_own() -> None:
    assert _statements(DELETION, people=(Principal.by_name(SSO),)) == [
        _deny(
            "GuardDeletion",
            "kms:ScheduleKeyDeletion",
            ArnNotEquals=NOT_DEPLOYER,
            ArnNotLike={"aws:PrincipalArn": SSO},
        )
    ]


def test_imported_material_is_guarded_with_its_key() -> None:
    (statement,) = _statements(DELETION, people=(Principal.by_arn(RELEASER),), kind=SYMMETRIC.with_imported_material())

    assert statement["Action"] == ["kms:DeleteImportedKeyMaterial", "kms:ScheduleKeyDeletion"]


def test_a_shorter_waiting_period_is_denied() -> None:
    assert _statements(WaitsAtLeast(days=14), kind=SIGNING) == [
        _deny(
            "GuardWaitingPeriod",
            "kms:ScheduleKeyDeletion",
            ArnNotEquals=NOT_DEPLOYER,
            NumericLessThan={"kms:ScheduleKeyDeletionPendingWindowInDays": "14"},
        )
    ]


def test_going_past_the_lock_out_check_is_denied_to_everybody() -> None:
    assert _statements(KeepsLockoutCheck()) == [
        _deny("GuardLockoutCheck", "kms:PutKeyPolicy", Bool={"kms:BypassPolicyLockoutSafetyCheck": "true"})
    ]


def test_a_longer_rotation_period_and_none_are_denied() -> None:
    assert _statements(RotatesWithin(days=365)) == [
        _deny("GuardRotationOff", "kms:DisableKeyRotation", ArnNotEquals=NOT_DEPLOYER),
        _deny(
            "GuardRotationPeriod",
            "kms:EnableKeyRotation",
            ArnNotEquals=NOT_DEPLOYER,
            NumericGreaterThan={"kms:RotationPeriodInDays": "365"},
        ),
    ]


def test_where_the_usual_period_is_too_long_leaving_it_out_is_denied() -> None:
    assert _statements(RotatesWithin(days=364))[1:] == [
        _deny(
            "GuardRotationPeriod",
            "kms:EnableKeyRotation",
            ArnNotEquals=NOT_DEPLOYER,
            NumericGreaterThanIfExists={"kms:RotationPeriodInDays": "364"},
        ),
        _deny(
            "GuardRotationPeriodLeftOut",
            "kms:EnableKeyRotation",
            ArnNotEquals=NOT_DEPLOYER,
            NumericLessThan={"kms:RotationPeriodInDays": "90"},
        ),
    ]


def test_no_statement_depends_on_the_order_of_guards() -> None:
    guards: tuple[Guard, ...] = (DELETION, WaitsAtLeast(days=7), KeepsLockoutCheck(), RotatesWithin(days=90))
    people = (Principal.by_arn(RELEASER),)

    assert len({str(_statements(*order, people=people)) for order in permutations(guards)}) == 1


def test_only_the_lock_out_check_denies_a_change_of_the_policy() -> None:
    guards: tuple[Guard, ...] = (DELETION, WaitsAtLeast(days=7), KeepsLockoutCheck(), RotatesWithin(days=90))

    denying = [each["Sid"] for each in _statements(*guards) if "kms:PutKeyPolicy" in each["Action"]]

    assert denying == ["GuardLockoutCheck"]


def test_a_role_of_the_stack_is_spared_by_what_its_arn_will_be() -> None:
    token = "${Orders/Releaser/Resource.Arn}"

    (statement,) = _statements(DELETION, people=(Principal.by_arn(token),))

    assert statement["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [token, DEPLOYER]}}


@pytest.mark.parametrize(
    "somebody",
    [
        Principal.by_arn(f"{ACCOUNT}:root"),
        Principal.by_arn("arn:aws:sts::111122223333:assumed-role/Releaser/anna"),
        Principal.by_arn(f"{ACCOUNT}:saml-provider/Company"),
        Principal("Federated", f"{ACCOUNT}:saml-provider/Company"),
        Principal("Service", "backup.amazonaws.com"),
    ],
    ids=lambda principal: principal.value,
)
def test_refuses_to_spare_whoever_is_no_role_or_user(somebody: Principal) -> None:
    with pytest.raises(ConfigurationError, match=f"^guards must spare roles and users only, got {somebody.value}$"):
        _statements(DELETION, people=(somebody,))
    with pytest.raises(ConfigurationError, match=r"^guards must spare roles and users only"):
        guard_statements([WaitsAtLeast(days=7)], kind=SYMMETRIC, people=(), deployers=[somebody])


def test_refuses_to_spare_somebody_under_conditions() -> None:
    person = Person(Principal.by_arn(RELEASER), {"Bool": {"aws:MultiFactorAuthPresent": ("true",)}})
    with pytest.raises(ConfigurationError, match=rf"^guards must name people without conditions, .* on {RELEASER}$"):
        guard_statements([DELETION], kind=SYMMETRIC, people=[person], deployers=[Principal.by_name(DEPLOYER)])


def test_refuses_to_hit_whoever_deploys() -> None:
    with pytest.raises(ConfigurationError, match=r"^deployers must name who deploys the key, got nobody$"):
        guard_statements([WaitsAtLeast(days=7)], kind=SYMMETRIC, people=(), deployers=())
