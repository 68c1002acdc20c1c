"""What resources will be called, as calls of the catalogue take it."""

from typing import Any

import pytest

from constructs_lib.execution_policy.handler_permissions import handler_facts
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.names_of_resources import NAMES, UNKNOWN, name_at, name_of, rule_at
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located

IT = Located("S", "It1A2B3C4D")
BUS = {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}}}


def references(kind: str, stack: str = "Orders", **properties: Any) -> References:
    resources = {IT.logical_id: {"Type": kind, "Properties": properties}, **BUS}
    return References(CloudTemplates({"S": {"Resources": resources}}, {"S": DeployedStack(name=stack)}))


@pytest.mark.parametrize(
    ("kind", "stack", "name"),
    [
        ("AWS::Logs::LogGroup", "Orders", "Orders-It1A2B3C4D-*"),
        ("AWS::S3::Bucket", "Orders", "orders-it1a2b3c4d-*"),
        ("AWS::S3::Bucket", "O" * 45, "o" * 24 + "*"),
        ("AWS::Events::Rule", "O" * 39, "O" * 39 + "-It1A2B3C4D-*"),
        ("AWS::Events::Rule", "O" * 40, "O" * 24 + "*"),
        ("AWS::SecretsManager::Secret", "Orders", "It1A2B3C4D-*"),
        ("Custom::S3BucketNotifications", "Orders", UNKNOWN),
    ],
)
def test_a_resource_without_a_name_gets_what_cloudformation_makes(kind: str, stack: str, name: str) -> None:
    assert name_at(references(kind, stack), IT, "Name") == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("orders", "orders"),
        ({"Ref": "Bus"}, "orders"),
        ({"Fn::GetAtt": ["Bus", "Arn"]}, "orders"),
        ("arn:aws:sns:eu-west-1:111122223333:alarms", "alarms"),
        ("arn:aws:events:eu-west-1:111122223333:event-bus/partner/a", "partner/a"),
        ({"Fn::Sub": "arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms"}, "alarms"),
        ({"Fn::Sub": "${AWS::StackName}-group"}, "Orders-group"),
        ({"Ref": "Parameter"}, "${S#Parameter}"),
    ],
)
def test_a_name_is_what_the_template_says_or_refers_to(value: object, name: str) -> None:
    assert name_at(references("AWS::SNS::Subscription", TopicArn=value), IT, "TopicArn") == name


@pytest.mark.parametrize(
    ("bus", "name"),
    [
        ({}, "nightly"),
        ({"EventBusName": "default"}, "nightly"),
        ({"EventBusName": "orders"}, "orders/nightly"),
        ({"EventBusName": {"Ref": "Bus"}}, "orders/nightly"),
        ({"EventBusName": "arn:aws:events:eu-west-1:111122223333:event-bus/orders"}, "orders/nightly"),
    ],
)
def test_a_rule_is_called_with_its_event_bus_in_front(bus: dict[str, Any], name: str) -> None:
    assert rule_at(references("AWS::Events::Rule", Name="nightly", **bus), IT) == name


def test_the_name_of_a_nested_stack_is_a_part_of_it() -> None:
    group = {"It1A2B3C4D": {"Type": "AWS::Logs::LogGroup", "Properties": {}}}
    rule = {"Rule": {"Type": "AWS::Events::Rule", "Properties": {}}}
    nested = {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3/hash"}}}
    templates = CloudTemplates(
        {"S": {"Resources": nested}, "n.nested": {"Resources": {**group, **rule}}},
        {"S": DeployedStack(name="O" * 31)},
        {"n.nested": ("S", "hash")},
    )

    assert name_of(References(templates), Located("n.nested", "It1A2B3C4D")) == f"{'O' * 31}-N-*-It1A2B3C4D-*"
    assert name_of(References(templates), Located("n.nested", "Rule")) == f"{'O' * 24}*"


@pytest.mark.parametrize("kind", NAMES)
def test_the_longest_names_are_those_that_cloudformation_makes(kind: str) -> None:
    facts = handler_facts(kind, "here").name

    assert facts["property"] == NAMES[kind].name
    assert facts.get("length", NAMES[kind].longest) == NAMES[kind].longest
