"""A dashboard's name is literal and one for an account."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lib import ConfigurationError
from constructs_lib.dashboards.dashboard_name import check_dashboard_name


@pytest.fixture(scope="module")
def app() -> cdk.App:
    app = cdk.App(analytics_reporting=False)
    cloudwatch.Dashboard(cdk.Stack(app, "Taken"), "Board", dashboard_name="taken")
    return app


def test_a_name_that_nobody_has_is_taken(app: cdk.App) -> None:
    check_dashboard_name(cdk.Stack(app, "Free"), "Orders-keys_1")


def test_the_same_name_in_another_account_or_stage_is_another_dashboard(app: cdk.App) -> None:
    check_dashboard_name(cdk.Stack(app, "Other", env=cdk.Environment(account="444455556666")), "taken")
    check_dashboard_name(cdk.Stack(cdk.Stage(app, "Stage"), "Free"), "taken")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 256, pytest.param(cdk.Fn.ref("Name"), id="token"), 7, None])
def test_refuses_what_is_no_literal_name(app: cdk.App, name: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^dashboard_name must be 1 to 255 letters, digits, - and _, got "):
        check_dashboard_name(app, name)


def test_refuses_a_name_of_another_dashboard_of_the_app_whatever_its_region(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Again", env=cdk.Environment(region="us-east-1"))

    with pytest.raises(
        ConfigurationError, match="would replace the other, got 'taken', which Taken/Board/Resource has"
    ):
        check_dashboard_name(stack, "taken")
