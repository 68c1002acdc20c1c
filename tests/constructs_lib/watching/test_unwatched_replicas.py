import aws_cdk as cdk

from constructs_lib import MultiRegionKey
from tests.support.synthesised import app_of
from tests.support.told_events import ACCOUNT
from tests.support.watch_scene import OTHER_REGION, messages, stack_of, watched


def two_regions() -> tuple[cdk.Stack, cdk.Stack, MultiRegionKey]:
    stack = stack_of()
    ireland = cdk.Stack(app_of(stack), "Ireland", env=cdk.Environment(account=ACCOUNT, region=OTHER_REGION))
    return stack, ireland, MultiRegionKey(stack, "Key", alias="everywhere", replicas=[ireland])


def said(stack: cdk.Stack) -> list[str]:
    return [each for each in messages(stack) if "replicas-not-watched" in each]


def test_a_replica_that_nobody_watches_is_announced() -> None:
    stack, ireland, key = two_regions()
    watched(stack, keys=[key])

    app_of(stack).synth()

    (warning,) = said(stack)
    assert f"Ireland/Key in {OTHER_REGION}. Have one" in warning
    assert said(ireland) == []


def test_a_key_that_is_watched_in_each_of_its_regions_is_quiet() -> None:
    stack, ireland, key = two_regions()
    watched(stack, keys=[key])
    watched(ireland, keys=[key.in_region_of(ireland)])

    app_of(stack).synth()

    assert said(stack) + said(ireland) == []
