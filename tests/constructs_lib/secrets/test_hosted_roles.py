"""What the role of a hosted rotation may be called: what is certain of a name that CloudFormation draws."""

import aws_cdk as cdk
import pytest

from constructs_lib.secrets.hosted_roles import hosted_roles
from tests.support.l2_positions import IRELAND


@pytest.mark.parametrize(
    ("stack_name", "expected"),
    [("Orders", "Orders-*"), ("O" * 24, "O" * 24 + "-*"), ("O" * 25, "O" * 24 + "*")],
    ids=["short", "as long as is kept", "longer"],
)
def test_it_begins_with_what_is_kept_of_the_outermost_stack(stack_name: str, expected: str) -> None:
    stack = cdk.Stack(cdk.App(), "Stack", stack_name=stack_name, env=IRELAND)
    inner = cdk.NestedStack(cdk.NestedStack(stack, "Outer"), "Inner")

    for scope in (stack, inner):
        assert hosted_roles(scope) == f"arn:{cdk.Aws.PARTITION}:iam::111122223333:role/{expected}"
