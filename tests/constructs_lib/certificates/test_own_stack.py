import aws_cdk as cdk

from constructs_lib.certificates.own_stack import own_stack


def test_a_function_is_told_the_stack_that_holds_it_also_where_that_is_nested() -> None:
    outer = cdk.Stack(cdk.App(), "Outer")
    inner = cdk.NestedStack(outer, "Inner")

    # CloudFormation asks in the name of the stack that holds the custom resource, and this names the same.
    assert [stack.resolve(own_stack()) for stack in (outer, inner)] == [{"STACK_ID": {"Ref": "AWS::StackId"}}] * 2
