"""The name of a dashboard: one for an account, in whichever Region its stack is."""

import re

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


def check_dashboard_name(scope: Construct, name: str) -> None:
    """Refuse a name that CloudWatch would refuse, or under which it would replace another dashboard of the app.

    Args:
        scope: Where the dashboard is made.
        name: The name.

    Raises:
        ConfigurationError: If it is no literal name, or a dashboard has it that was made before in the same stage
            and account: dashboards are of an account, not of a Region.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ConfigurationError(f"dashboard_name must be 1 to 255 letters, digits, - and _, got {spoken(name)}")
    account, stage = cdk.Stack.of(scope).account, cdk.Stage.of(scope)
    others = [each for each in (stage or scope).node.find_all() if isinstance(each, cloudwatch.CfnDashboard)]
    for other in others:
        if other.dashboard_name == name and cdk.Stack.of(other).account == account:
            raise ConfigurationError(
                f"dashboard_name must be another than those of the app, since one would replace the other, got "
                f"{name!r}, which {other.node.path} has"
            )
