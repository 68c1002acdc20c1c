from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from constructs import Construct

from constructs_lib import EncryptionKey
from constructs_lib.naming.stack_facts import StackFacts
from tests.support.round_trips import counted_round_trips

MakeApp = Callable[..., cdk.App]

ENVIRONMENTS = [None, cdk.Environment(account="111122223333", region="eu-west-1")]


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_facts_are_what_the_stack_says(env: cdk.Environment | None, make_app: MakeApp) -> None:
    app = make_app()
    stage = cdk.Stage(app, "Stage")
    stack = cdk.Stack(stage, "S", env=env)
    facts = StackFacts.of(stack)

    assert facts.stack is stack
    assert facts.path == stack.node.path == "Stage/S"
    assert (facts.account, facts.region, facts.partition) == (stack.account, stack.region, stack.partition)
    assert facts.template_file == stack.template_file
    assert facts.stage == "Stage"
    assert facts.root is app
    assert not facts.taken_back


def test_constructs_of_a_stack_share_its_facts_and_ask_nothing_again(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    construct, other = Construct(stack, "Construct"), Construct(stack, "Other")
    facts = StackFacts.of(construct)
    assert facts.account

    with counted_round_trips() as trips:
        assert StackFacts.of(stack) is StackFacts.of(construct) is facts
        assert facts.also_of(other) is StackFacts.of(other) is facts
        assert facts.account
    assert trips.made == 0


def test_a_nested_stack_has_facts_of_its_own(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    nested = cdk.NestedStack(stack, "N")

    assert StackFacts.of(nested) is not StackFacts.of(stack)
    assert StackFacts.of(Construct(nested, "Construct")).path == "S/N"


def test_one_question_gives_the_logical_ids_of_all_keys(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    keys = [EncryptionKey(stack, name, alias=name) for name in ("A", "B", "C")]
    resource = keys[1].node.default_child
    assert isinstance(resource, cdk.CfnResource)
    facts = StackFacts.of(stack)
    before: dict[str, Any] = {}
    first = [facts.logical_id_of(key, before) for key in keys]
    resource.override_logical_id("Renamed")

    with counted_round_trips() as trips:
        known = dict[str, object]()
        second = [facts.logical_id_of(key, known) for key in keys]
    assert trips.made == 1
    assert second == [first[0], "Renamed", first[2]]
