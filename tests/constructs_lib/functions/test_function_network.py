"""Subnets of a VPC in which a function runs."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.function_network import FunctionNetwork
from tests.conftest import configured_app


@pytest.fixture
def stack(tmp_path: Path) -> cdk.Stack:
    return cdk.Stack(configured_app(tmp_path), "Orders")


def parts(stack: cdk.Stack) -> dict[str, Any]:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["a"],
        private_subnet_ids=["private-1"],
        isolated_subnet_ids=["isolated-1"],
    )
    return {"vpc": vpc, "security_groups": [ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")]}


def test_untold_the_subnets_are_private_ones_with_a_way_out(stack: cdk.Stack) -> None:
    network = FunctionNetwork(**parts(stack))

    assert (network.subnet_ids, network.security_group_ids) == (["private-1"], ["sg-1"])


def test_subnets_can_be_chosen(stack: cdk.Stack) -> None:
    chosen = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)

    assert FunctionNetwork(**parts(stack), subnets=chosen).subnet_ids == ["isolated-1"]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"vpc": "vpc-1"}, r"^vpc must be a VPC, such as ec2\.Vpc\(\.\.\.\), got 'vpc-1'$"),
        ({"security_groups": []}, r"^security_groups must be one or more, got a list$"),
        ({"security_groups": "sg-1"}, r"^security_groups must be security groups, got 's'$"),
        ({"security_groups": ["sg-1"]}, r"^security_groups must be security groups, got 'sg-1'$"),
        ({"subnets": "subnet-1"}, r"^subnets must be a SubnetSelection of aws_cdk\.aws_ec2, got 'subnet-1'$"),
    ],
    ids=["vpc", "none", "text", "texts", "subnets"],
)
def test_refuses_what_is_no_network(told: dict[str, Any], message: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=message):
        FunctionNetwork(**{**parts(stack), **told})
