"""A key in the hands of the CDK's own constructs: every grant ends in exact statements, wherever the key is."""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.errors import ConfigurationError
from tests.support.assembled import Assembled
from tests.support.kms_findings import cycles, findings
from tests.support.kms_statements import ACCOUNT, PRINCIPAL_ARN, KmsStatement, kms_statements
from tests.support.l2_case import Build, L2Case, called
from tests.support.l2_cases import (
    compute,
    databases,
    delivery,
    direct,
    events,
    logging,
    messaging,
    refused,
    secrets,
    storage,
)
from tests.support.l2_positions import FAR_POSITIONS, IRELAND, POSITIONS, RARE_POSITIONS, Position

CASES = [
    case
    for family in (storage, messaging, events, logging, databases, secrets, compute, delivery, direct)
    for case in family.CASES
]
SILENT_POSITIONS: tuple[Position, ...] = ("same", "other")
SILENT = [case for case in CASES if case.calls]
WITH_SERVICES = [
    case for case in CASES if any(use.who.endswith(".amazonaws.com") and use.conditions for use in case.uses)
]
BY_NAME = {case.name: case for case in CASES}
ANYWHERE = (
    "bucket_read_and_written_by_a_role",
    "bucket_notifies_a_queue",
    "topic_feeds_a_queue",
    "event_archive",
    "secret_read",
    "secret_rotated",
    "volume_attached_by_a_role",
    "role_granted_by_key_grants",
)

IN_A_CYCLE_WITH_THE_CDKS_OWN_KEY = (
    "bucket_notifies_a_queue",
    "topic_feeds_a_queue",
    "event_archive",
    "database_proxy",
    "secret_read",
    "secret_written",
    "secret_rotated",
    "secret_in_the_environment_of_a_container",
    "role_granted_by_key_grants",
)

MakeApp = Callable[..., cdk.App]
MakeKey = Callable[[cdk.Stack], kms.IKey]


def our_key(stack: cdk.Stack) -> EncryptionKey:
    return EncryptionKey(stack, "Key", alias="contract")


def plain_key(stack: cdk.Stack) -> kms.Key:
    return kms.Key(stack, "Key")


def assemble(
    make_app: MakeApp,
    position: Position,
    build: Build,
    make_key: MakeKey = our_key,
    environment: cdk.Environment | None = IRELAND,
) -> Assembled:
    app = make_app(**{"aws:cdk:enable-asset-metadata": True, "@aws-cdk/core:validationReportPrettyPrint": False})
    home, away = {**POSITIONS, **RARE_POSITIONS, **FAR_POSITIONS}[position](app, environment)
    build(make_key(home), away)
    return Assembled.read(Path(app.synth().directory))


def with_calls(case: L2Case) -> Build:
    """Build a case and make its calls on the key."""

    def build(key: kms.IKey, stack: cdk.Stack) -> None:
        case.build(key, stack)
        assert isinstance(key, EncryptionKey)
        for call in case.calls_for(stack):
            key.allow(*called(call))

    return build


Held = tuple[str, str, frozenset[str]]


def held(statements: Iterable[KmsStatement]) -> set[Held]:
    """Give who may do what under which condition keys, by the key policies.

    Not whom the key admits by itself: whoever administers it through IAM, and its deployer.
    """
    return {
        (
            caller.replace("${AWS::URLSuffix}", "amazonaws.com"),
            action.removeprefix("kms:"),
            frozenset(name for _, name, _ in statement.conditions),
        )
        for statement in statements
        if statement.key is not None
        for caller in statement.callers
        for action in statement.actions
        if "cdk-hnb659fds-cfn-exec-role" not in caller and (caller != ACCOUNT or statement.condition("kms:ViaService"))
    }


def differences(case: L2Case, granted: set[Held]) -> list[str]:
    """Compare what a case asks for with what was granted: nothing missing, nothing besides."""

    def meets(use_who: str, conditions: Iterable[str], found: Held) -> bool:
        caller = found[0].removeprefix("${").split("/")[-1]
        same = caller.startswith(use_who) if found[0].startswith("${") else caller == use_who
        return same and {name.lower() for name in conditions} == {
            name.lower() for name in found[2] if name != PRINCIPAL_ARN
        }

    asked = [(use.who, action, use.conditions) for use in case.admitted for action in use.actions]
    missing = [
        f"missing: {who} {action} {conditions}"
        for who, action, conditions in asked
        if not any(found[1] == action and meets(who, conditions, found) for found in granted)
    ]
    besides = [
        f"besides: {found}"
        for found in sorted(granted, key=str)
        if not any(found[1] == action and meets(who, conditions, found) for who, action, conditions in asked)
    ]
    return missing + besides


def of_services(assembled: Assembled) -> set[tuple[str, str, tuple[str, ...]]]:
    """Give the conditions of each service principal, by the key policies."""
    here = {"${AWS::AccountId}": str(IRELAND.account), "${AWS::Region}": str(IRELAND.region)}
    return {
        (caller, name.lower(), tuple(here.get(value, value) for value in values))
        for statement in kms_statements(assembled)
        if statement.key is not None
        for caller in statement.callers
        if caller.endswith(".amazonaws.com")
        for _, name, values in statement.conditions
    }


@pytest.mark.parametrize(
    ("case", "position"),
    [
        pytest.param(case, position, id=f"{case.name}-{position}")
        for case in CASES
        for position in (SILENT_POSITIONS if case.calls else POSITIONS)
    ],
)
def test_a_use_is_granted_exactly_and_on_both_sides(case: L2Case, position: Position, make_app: MakeApp) -> None:
    assembled = assemble(make_app, position, with_calls(case))

    assert findings(assembled) == []
    assert differences(case, held(kms_statements(assembled))) == []


@pytest.mark.parametrize("position", SILENT_POSITIONS)
@pytest.mark.parametrize("case", SILENT, ids=lambda case: case.name)
def test_refuses_a_service_that_was_forgotten_with_the_call_that_admits_it(
    case: L2Case, position: Position, make_app: MakeApp
) -> None:
    calls = case.calls_for(cdk.Stack(cdk.App(), "S" if position == "same" else "W"))

    with pytest.raises(RuntimeError, match="UnadmittedService") as refused:
        assemble(make_app, position, case.build)

    found = re.findall(r"call key\.allow\((.*?\))\) on the key", str(refused.value))
    assert sorted(found) == sorted(calls)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("name", ANYWHERE)
def test_a_use_is_granted_in_any_account_and_region(name: str, position: Position, make_app: MakeApp) -> None:
    assembled = assemble(make_app, position, BY_NAME[name].build, environment=None)

    assert findings(assembled) == []
    assert differences(BY_NAME[name], held(kms_statements(assembled))) == []


@pytest.mark.parametrize("position", RARE_POSITIONS)
@pytest.mark.parametrize("name", ANYWHERE)
def test_a_use_is_granted_to_and_from_nested_stacks(name: str, position: Position, make_app: MakeApp) -> None:
    assembled = assemble(make_app, position, BY_NAME[name].build)

    assert findings(assembled) == []
    assert differences(BY_NAME[name], held(kms_statements(assembled))) == []


@pytest.mark.parametrize("position", FAR_POSITIONS)
@pytest.mark.parametrize("name", ["role_granted_by_the_key", "user_granted_by_the_key"])
def test_a_caller_far_away_is_bound_to_the_key_by_its_alias(name: str, position: Position, make_app: MakeApp) -> None:
    assembled = assemble(make_app, position, BY_NAME[name].build)
    statements = kms_statements(assembled)

    assert findings(assembled) == []
    assert differences(BY_NAME[name], held(statements)) == []
    assert {statement.condition("kms:ResourceAliases") for statement in statements if statement.key is None} == {
        ("alias/contract",)
    }


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize(("build", "said"), refused.WHEN_BUILT.values(), ids=refused.WHEN_BUILT)
def test_refuses_whom_or_what_the_key_policy_cannot_say(
    build: Build, said: str, position: Position, make_app: MakeApp
) -> None:
    with pytest.raises((ConfigurationError, RuntimeError), match=said):
        assemble(make_app, position, build)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("build", refused.WHEN_SYNTHESISED, ids=lambda build: build.__name__)
def test_refuses_a_permission_in_iam_that_the_key_policy_lacks(
    build: Build, position: Position, make_app: MakeApp
) -> None:
    with pytest.raises(RuntimeError, match=r"IAM allows .* whose key policy does not"):
        assemble(make_app, position, build)


@pytest.mark.parametrize("case", WITH_SERVICES, ids=lambda case: case.name)
def test_a_service_arrives_under_the_conditions_that_it_has_with_the_cdks_own_key(
    case: L2Case, make_app: MakeApp, tmp_path: Path
) -> None:
    ours = of_services(assemble(make_app, "same", with_calls(case)))
    shutil.rmtree(tmp_path)
    usual = of_services(assemble(make_app, "same", case.build, make_key=plain_key))

    assert {(who, name) for who, name, _ in usual} <= {(who, name) for who, name, _ in ours}
    for who, name, values in usual - ours:
        patterns = [pattern for other in ours if other[:2] == (who, name) for pattern in other[2]]
        assert any(pattern.endswith("*") for pattern in patterns), (who, name, values, patterns)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_one_for_the_cdks_own_key_too_which_fails_it(case: L2Case, make_app: MakeApp) -> None:
    assembled = assemble(make_app, "same", case.build, make_key=plain_key)

    assert "wildcard action kms:* in S/Key961B73FD statement 0" in findings(assembled)


def test_the_cdks_own_key_and_a_topic_that_feeds_a_queue_wait_for_each_other(make_app: MakeApp) -> None:
    assembled = assemble(make_app, "same", messaging.topic_feeds_a_queue, make_key=plain_key)

    assert next(cycles(assembled)) == "cycle in S: Key961B73FD -> TopicBFC7AF6E -> Key961B73FD"


@pytest.mark.parametrize("name", IN_A_CYCLE_WITH_THE_CDKS_OWN_KEY)
def test_the_cdks_own_key_in_another_stack_ends_in_a_cycle(name: str, make_app: MakeApp) -> None:
    with pytest.raises(RuntimeError, match="cyclic reference"):
        assemble(make_app, "other", BY_NAME[name].build, make_key=plain_key)


def test_there_are_cases_enough() -> None:
    assert len(CASES) == len(BY_NAME) >= 40
