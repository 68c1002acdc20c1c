from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
WEST = "eu-west-1"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def _topic(name: object) -> dict[str, Any]:
    return {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}}}


def _output_of(stack: str, **more: str) -> dict[str, Any]:
    return {"Fn::GetStackOutput": {"StackName": stack, "OutputName": "Name", **more}}


def test_an_output_of_another_region_is_read_there(make_stacks: Stacks) -> None:
    stacks = make_stacks()
    there = stacks.create(_topic("x"), {"Name": "from the first Region"})

    here = replace(stacks, region=WEST).create(
        _topic(_output_of(there.name, Region="eu-central-1")), {"Read": _output_of(there.name, Region="eu-central-1")}
    )

    assert (here.status, here.failures) == ("CREATE_COMPLETE", ())
    assert here.outputs["Read"] == "from the first Region"


def test_an_output_of_the_same_region_is_read_without_its_name(make_stacks: Stacks) -> None:
    stacks = make_stacks()
    there = stacks.create(_topic("x"), {"Name": "near"})

    assert stacks.create(_topic("y"), {"Read": _output_of(there.name)}).outputs["Read"] == "near"


@pytest.mark.parametrize(("region", "output"), [(WEST, "Name"), ("eu-central-1", "Other")])
def test_refuses_an_output_that_does_not_exist(make_stacks: Stacks, region: str, output: str) -> None:
    stacks = make_stacks()
    there = stacks.create(_topic("x"), {"Name": "x"})
    wanted = {"Fn::GetStackOutput": {"StackName": there.name, "OutputName": output, "Region": region}}

    here = stacks.create(_topic(wanted))

    assert here.status == "ROLLBACK_COMPLETE"
    assert f"Output {output} of stack {there.name} does not exist in {region}" in here.failures[0]


def test_refuses_what_the_execution_role_may_not_read(make_stacks: Stacks, account_root: str) -> None:
    there = make_stacks().create(_topic("x"), {"Name": "x"})
    arn = f"arn:aws:cloudformation:eu-central-1:{account_root.split(':')[4]}:stack/{there.name}/*"
    denied = {"Effect": "Deny", "Action": "cloudformation:DescribeStacks", "Resource": arn}

    here = replace(make_stacks(EVERYTHING, denied), region=WEST).create(
        _topic(_output_of(there.name, Region="eu-central-1"))
    )

    assert "not authorized to perform: cloudformation:DescribeStacks on resource: " + arn in here.failures[0]
