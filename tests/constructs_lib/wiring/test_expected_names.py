"""Names for key policies: those that were given, or the form of those that CloudFormation makes."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib.wiring.expected_names import expected_bucket_name, expected_name, generated_pattern


def logical_id(queue: sqs.Queue) -> str:
    resource = queue.node.default_child
    assert isinstance(resource, sqs.CfnQueue)
    return str(cdk.Stack.of(queue).get_logical_id(resource))


def pattern(queue: sqs.Queue, longest: int) -> str:
    resource = queue.node.default_child
    assert isinstance(resource, sqs.CfnQueue)
    return generated_pattern(resource, longest=longest)


def test_a_name_that_was_given_is_taken_as_it_is() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    queue = sqs.Queue(stack, "Queue", queue_name=f"orders-{stack.account}")

    assert expected_name(queue, given=f"orders-{stack.account}", longest=80) == f"orders-{stack.account}"


def test_a_name_that_will_be_made_has_a_form() -> None:
    queue = sqs.Queue(cdk.Stack(cdk.App(), "Orders"), "Queue")

    assert expected_name(queue, given=None, longest=80) == f"Orders-{logical_id(queue)}-*"


def test_a_name_that_would_be_too_long_is_as_much_as_is_certain() -> None:
    queue = sqs.Queue(cdk.Stack(cdk.App(), "OrdersOfTheWholeCompanyAndItsDaughters"), "Queue")

    assert pattern(queue, 63) == "OrdersOfTheWholeCompanyA*"


def test_in_a_nested_stack_only_the_beginning_is_certain_unless_nothing_is_cut() -> None:
    nested = cdk.NestedStack(cdk.NestedStack(cdk.Stack(cdk.App(), "Orders"), "Outer"), "Inner")
    queue = sqs.Queue(nested, "Queue")

    assert pattern(queue, 80) == "Orders*"
    assert pattern(queue, 512) == f"Orders*-{logical_id(queue)}-*"


def test_a_token_that_means_no_name_is_none() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    bucket = s3.Bucket(stack, "Bucket", bucket_name=cdk.PhysicalName.GENERATE_IF_NEEDED)
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)

    assert expected_name(bucket, given=resource.bucket_name, longest=63).startswith("Orders-Bucket")


def test_the_name_of_a_bucket_is_made_in_lower_case_and_taken_as_it_is() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    generated = expected_bucket_name(s3.Bucket(stack, "Bucket"))

    assert generated.startswith("orders-bucket")
    assert generated.endswith("-*")
    assert expected_bucket_name(s3.Bucket(stack, "Named", bucket_name="data")) == "data"
    assert expected_bucket_name(s3.Bucket.from_bucket_name(stack, "Imported", "archive")) == "archive"
    imported = cdk.Fn.import_value("Archive")
    assert expected_bucket_name(s3.Bucket.from_bucket_name(stack, "OfAToken", imported)) == imported
