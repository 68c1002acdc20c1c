from typing import Any

import pytest

from constructs_lib.execution_policy.stack_outputs import place_of, reading_permissions
from constructs_lib.execution_policy.template_arns import Place

HERE = Place(region="us-east-1", account="111122223333")
ROLE = "arn:aws:iam::444455556666:role/reads-outputs"


def read(**arguments: Any) -> dict[str, Any]:
    return {"Fn::GetStackOutput": {"StackName": "Keys", "OutputName": "Arn", **arguments}}


@pytest.mark.parametrize(
    ("value", "action", "resource"),
    [
        (read(), "cloudformation:DescribeStacks", "us-east-1:111122223333:stack/Keys/*"),
        (read(Region="eu-west-1"), "cloudformation:DescribeStacks", "eu-west-1:111122223333:stack/Keys/*"),
        (read(Region={"Ref": "R"}), "cloudformation:DescribeStacks", "*:111122223333:stack/Keys/*"),
        (read(StackName={"Ref": "S"}), "cloudformation:DescribeStacks", "us-east-1:111122223333:stack/*/*"),
        ([{"Fn::Join": ["", ["a", read()]]}], "cloudformation:DescribeStacks", "us-east-1:111122223333:stack/Keys/*"),
        (read(RoleArn=ROLE), "sts:AssumeRole", ROLE),
        (read(RoleArn={"Ref": "R"}), "sts:AssumeRole", "arn:*:iam::*:role/*"),
    ],
)
def test_reading_an_output_needs_its_stack_or_the_role_that_may_read_it(
    value: object, action: str, resource: str
) -> None:
    (permission,) = reading_permissions({"Resources": {"R": {"Properties": {"P": value}}}}, HERE)

    assert permission.action == action
    assert permission.resources == (resource if resource.startswith("arn:") else f"arn:aws:cloudformation:{resource}",)


def test_a_template_that_reads_no_output_needs_nothing() -> None:
    assert list(reading_permissions({"Resources": {"R": {"Properties": {"P": ["x", {"Ref": "R"}, 1]}}}}, HERE)) == []


@pytest.mark.parametrize(
    ("arguments", "region", "account"),
    [
        ({}, "us-east-1", "111122223333"),
        ({"Region": "eu-west-1"}, "eu-west-1", "111122223333"),
        ({"Region": {"Ref": "R"}}, "*", "111122223333"),
        ({"RoleArn": ROLE}, "us-east-1", "*"),
    ],
)
def test_the_other_stack_is_where_the_arguments_say(arguments: dict[str, Any], region: str, account: str) -> None:
    assert place_of(arguments, HERE) == Place(region=region, account=account)
