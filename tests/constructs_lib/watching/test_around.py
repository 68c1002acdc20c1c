import json

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import ExistingKey
from constructs_lib.watching.key_event import KeyEvent
from tests.support.told_events import REGION, ROLE
from tests.support.watch_scene import OTHER_REGION, THERE, messages, names_of, stack_of, trail_of, watched


def test_many_aliases_are_shared_out_among_rules() -> None:
    stack = stack_of()
    keys = [kms.Key(stack, f"Key{number}", alias="alias/" + "a" * 200 + str(number)) for number in range(10)]

    watch = watched(stack, keys=keys, events=[KeyEvent.GONE])

    patterns = [
        stack.resolve(each.event_pattern) for each in watch.rules if each.description == "Aliases of watched keys"
    ]
    assert len(patterns) == 2
    assert sum(len(each["detail"]["requestParameters"]["aliasName"]) for each in patterns) == 10
    assert all(len(json.dumps(each)) <= 2_048 for each in patterns)


def test_a_watch_elsewhere_than_the_trail_tells_keys_and_says_who_tells_the_rest() -> None:
    stack = stack_of(region=OTHER_REGION)
    key = ExistingKey.from_arn(stack, "There", key_arn=THERE.replace(REGION, OTHER_REGION))

    watch = watched(stack, keys=[key], roles=[iam.Role.from_role_name(stack, "Reader", ROLE)])

    assert not {"The trail that the watch sees by", "Roles that may use watched keys"} & names_of(watch)
    said = [str(each) for each in messages(stack)]
    assert any("refusals-not-counted" in each and REGION in each for each in said)
    assert any("trail-watched-elsewhere" in each for each in said)
    assert any("roles-not-told" in each for each in said)
    assert not any("roles-are-events-elsewhere" in each for each in said)


def test_roles_that_neither_a_rule_nor_an_alarm_sees_are_a_warning() -> None:
    stack = stack_of(region=OTHER_REGION)
    key = ExistingKey.from_arn(stack, "There", key_arn=THERE.replace(REGION, OTHER_REGION))
    trail = trail_of(stack, region=OTHER_REGION, log_group=None)

    watched(stack, keys=[key], trail=trail, roles=[iam.Role.from_role_name(stack, "Reader", ROLE)])

    (said,) = (each for each in messages(stack) if "roles-not-told" in each)
    assert "main has no copy in CloudWatch Logs here: nobody is told by this watch who changes its roles" in said


def test_roles_that_the_alarm_alone_sees_are_said() -> None:
    stack = stack_of(region=OTHER_REGION)
    key = ExistingKey.from_arn(stack, "There", key_arn=THERE.replace(REGION, OTHER_REGION))
    trail = trail_of(stack, region=OTHER_REGION)

    watch = watched(stack, keys=[key], trail=trail, roles=[iam.Role.from_role_name(stack, "Reader", ROLE)])

    assert any("roles-are-events-elsewhere" in each for each in messages(stack))
    assert any("ChangesOfWatchedRoles" in each.node.path for each in watch.alarms)


def test_a_stack_of_an_unknown_place_has_every_rule() -> None:
    stack = cdk.Stack(cdk.App(), "Anywhere")
    key = kms.Key(stack, "Key", alias="alias/orders")

    names = names_of(watched(stack, keys=[key], roles=[iam.Role.from_role_name(stack, "Reader", ROLE)]))

    assert {"Roles that may use watched keys", "The trail that the watch sees by", "alias/orders: disabled"} <= names
