"""Names of the functions that AWS makes: one for each secret of an account and Region."""

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.hosted_names import check_free_name, take_name


def stack_in(app: cdk.App, name: str, region: str | None) -> cdk.Stack:
    env = None if region is None else cdk.Environment(account="111122223333", region=region)
    return cdk.Stack(app, name, env=env)


def test_a_name_is_free_in_another_region_and_in_another_app() -> None:
    app = cdk.App()
    orders = stack_in(app, "Orders", "eu-central-1")
    take_name(cdk.Resource(orders, "First"), "rotate")

    check_free_name(orders, "rotate-payments")
    check_free_name(stack_in(app, "There", "eu-west-1"), "rotate")
    check_free_name(stack_in(cdk.App(), "Orders", "eu-central-1"), "rotate")


def test_a_name_may_be_free_where_nobody_knows_the_region() -> None:
    app = cdk.App()
    orders, payments = (stack_in(app, name, None) for name in ("Orders", "Payments"))
    take_name(cdk.Resource(orders, "First"), "rotate")

    check_free_name(payments, "rotate")


@pytest.mark.parametrize("region", ["eu-central-1", None])
def test_refuses_a_name_that_is_taken_in_the_stack_or_one_nested_in_it(region: str | None) -> None:
    stack = stack_in(cdk.App(), "Orders", region)
    take_name(cdk.Resource(stack, "First"), "rotate")

    for scope in (stack, cdk.NestedStack(stack, "Nested")):
        with pytest.raises(ConfigurationError) as refused:
            check_free_name(scope, "rotate")
        assert str(refused.value) == (
            "function_name must be another one for each secret, since AWS makes a function for each, got 'rotate', "
            "which is that of Orders/First"
        )


def test_refuses_a_name_that_is_taken_in_another_stack_of_the_account_and_region() -> None:
    app = cdk.App()
    orders, payments = (stack_in(app, name, "eu-central-1") for name in ("Orders", "Payments"))
    take_name(cdk.Resource(orders, "First"), "rotate")

    with pytest.raises(ConfigurationError, match="which is that of Orders/First"):
        check_free_name(payments, "rotate")
