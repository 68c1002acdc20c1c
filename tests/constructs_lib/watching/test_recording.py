import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError
from constructs_lib.wiring.recorded_trail import TrailReach
from tests.support.synthesised import app_of
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import OTHER_ACCOUNT, OTHER_REGION, messages, names_of, stack_of, trail_of, watched


def test_a_trail_without_a_copy_tells_and_does_not_count() -> None:
    stack = stack_of()

    watch = watched(stack, trail=trail_of(stack, log_group=None))

    assert list(watch.alarms) == []
    assert "Orders/There: disabled" in names_of(watch)
    assert any("refusals-not-counted" in each for each in messages(stack))


def test_a_stack_of_an_unknown_place_does_not_know_whether_the_trail_records_it() -> None:
    stack = cdk.Stack(cdk.App(), "Anywhere")

    watched(stack, keys=[kms.Key(stack, "Key")])

    (said,) = (each for each in messages(stack) if "place-not-known" in each)
    assert f"the trail is of account {ACCOUNT} and Region {REGION}" in said


def test_a_stack_of_a_known_place_knows_whether_the_trail_records_it() -> None:
    stack = stack_of()

    watched(stack)

    assert not [each for each in messages(stack) if "place-not-known" in each]


def test_refuses_a_trail_that_records_another_region_alone() -> None:
    stack = stack_of()
    trail = trail_of(stack, region=OTHER_REGION, reach=TrailReach.HOME_REGION)

    with pytest.raises(ConfigurationError) as error:
        watched(stack, trail=trail)
    assert str(error.value) == (
        f"trail must record {REGION}, or rules see no call there, got main, which records {OTHER_REGION} alone"
    )


def test_refuses_a_trail_of_another_account_that_is_none_of_an_organization() -> None:
    stack = stack_of()

    with pytest.raises(ConfigurationError) as error:
        watched(stack, trail=trail_of(stack, account=OTHER_ACCOUNT))
    assert str(error.value) == (
        f"trail must record account {ACCOUNT}, or rules see no call there, got main, which records {OTHER_ACCOUNT} "
        "alone"
    )
    organization = trail_of(cdk.Stack(app_of(stack), "More"), account=OTHER_ACCOUNT, organization_id="o-a1b2c3d4e5")
    assert "The trail that the watch sees by" not in names_of(watched(stack_of(), trail=organization))


def test_refuses_what_is_no_trail() -> None:
    with pytest.raises(ConfigurationError) as error:
        watched(stack_of(), trail="main")
    assert str(error.value) == "trail must be AuditTrail(...) or ExistingTrail(...), got 'main'"
