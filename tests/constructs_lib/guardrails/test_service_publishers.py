"""The table of publishers: what it tells people to call exists, and admits the service that it is about."""

from importlib import import_module

import pytest

from constructs_lib.guardrails.service_publishers import PUBLISHERS, Publisher, values_at
from constructs_lib.service_access.service_use import ServiceUse


def called(publisher: Publisher, name: str) -> ServiceUse:
    """Make the call as it is printed."""
    call = publisher.call.format(name=name, literal=name)
    module = import_module(f"constructs_lib.service_access.{call.partition('.')[0]}")
    use = eval(call, {module.__name__.rpartition(".")[2]: module})  # noqa: S307  # a call of our own table
    assert isinstance(use, ServiceUse)
    return use


@pytest.mark.parametrize("publisher", PUBLISHERS, ids=lambda publisher: publisher.call.partition("(")[0])
def test_the_call_admits_the_service_for_the_actions_that_it_is_said_to_need(publisher: Publisher) -> None:
    name = "Z0123456789ABCDEFGHIJ" if "zone" in publisher.call else "orders"
    use = called(publisher, name)
    allowed = {
        action
        for allowance in use.running
        if (
            publisher.service in allowance.role
            if publisher.service[0] == ":"
            else allowance.service.startswith(publisher.service)
        )
        for action in allowance.actions
    }

    assert set(publisher.actions) <= allowed


def test_values_stand_at_the_end_of_a_path_through_lists_and_conditions() -> None:
    properties = {"Targets": {"Fn::If": ["C", [{"Arn": "a"}, {"Id": "x"}], {"Arn": ["b", {"Ref": "AWS::NoValue"}]}]}}

    assert list(values_at(properties, "Targets.Arn")) == ["a", "b"]
    assert list(values_at(properties, "Targets.Dlq.Arn")) == []
    assert list(values_at(None, "Targets")) == []
