"""KeyDashboard: what happens to a set of keys, on one page that begins with what is wrong."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.dashboards.contents import Contents, TrailCopy
from constructs_lib.dashboards.dashboard_name import check_dashboard_name
from constructs_lib.dashboards.rotation_count import KEY_ID, PATTERN, ROTATIONS
from constructs_lib.dashboards.shown_functions import shown_functions, shown_queues
from constructs_lib.dashboards.shown_key import shown_keys
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.named_keys import Keys
from constructs_lib.wiring.places import are_apart
from constructs_lib.wiring.recorded_trail import check_trail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_sqs as sqs

    from constructs_lib.wiring.recorded_trail import RecordedTrail


class KeyDashboard(Construct):
    """A CloudWatch dashboard of some keys, and of the functions that use them.

    From the top: refusals, throttling, errors, keys disabled or pending deletion, the use of the request quota, days
    until imported material expires, days since rotation, and what functions failed with; then load; then cost. Keys are
    shown by alias. Only metrics that AWS documents are shown: `docs/key-dashboard.md` has the list, and what there is
    no metric for. That is asked of the trail's log group with CloudWatch Logs Insights each time the page is loaded;
    without `trail` it is left out, and the page says so.

    Answers from the trail name keys by alias as long as a query of 10,000 characters has room for the names, about 60
    keys; beyond that they name key ids, and the table beside them says which is which. Up to 40 keys have lines by
    operation; more have a bar each.

    A dashboard costs 3 USD a month beyond the three that an account has for free, and those must have at most 50
    metrics each. https://aws.amazon.com/cloudwatch/pricing/

    Attributes:
        dashboard: The dashboard.
        rotations: What counts rotations in the trail's log group, for the days since; None without a trail, or if its
            log group is not known to be in the stack's Region.

    Examples:
        >>> from constructs_lib import EncryptionKey
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> key = EncryptionKey(stack, "Key", alias="orders")
        >>> KeyDashboard(stack, "Dashboard", dashboard_name="orders-keys", keys=[key]).dashboard.dashboard_name
        'orders-keys'
    """

    dashboard: cloudwatch.CfnDashboard
    rotations: logs.CfnMetricFilter | None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        dashboard_name: str,
        keys: Keys,
        trail: "RecordedTrail | None" = None,
        functions: "Sequence[lambda_.IFunction]" = (),
        queues: "Sequence[sqs.IQueue]" = (),
        dead_letter_queues: "Sequence[sqs.IQueue]" = (),
    ) -> None:
        """Define the dashboard.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            dashboard_name: Letters, digits, - and _. Dashboards are of an account, whatever the Region of the stack.
            keys: 1 to 200 keys of the stack's account and Region. In a sequence, keys whose alias is seen in the app;
                in a mapping of alias to key, any keys.
            trail: Whose copy in CloudWatch Logs is asked. Default: none, and what is not a metric is left out.
            functions: Functions whose throughput, errors, throttles, duration and concurrency are shown, at most 50.
                Default: none.
            queues: Queues that feed them, at most 50. Default: none.
            dead_letter_queues: Where what failed too often waits, at most 50. Default: none.

        Raises:
            ConfigurationError: If the name is not literal or is taken in the app, or if a key, a function, a queue or
                the trail is something else, in another account or Region, or without a name that a person knows.
        """
        check_dashboard_name(scope, dashboard_name)
        stack, shown = cdk.Stack.of(scope), shown_keys(scope, keys)
        named = {
            "functions": shown_functions(scope, functions),
            "queues": shown_queues(scope, "queues", queues),
            "dead_letter_queues": shown_queues(scope, "dead_letter_queues", dead_letter_queues),
        }
        _check_trail(stack, trail)
        super().__init__(scope, construct_id)
        self.rotations = self._count_rotations(stack, trail)
        contents = Contents(
            name=dashboard_name,
            region=stack.region,
            keys=shown,
            trail_copy=_copy_of(trail, counts_rotations=self.rotations is not None),
            **named,
        )
        self.dashboard = cloudwatch.CfnDashboard(
            self, "Resource", dashboard_name=dashboard_name, dashboard_body=stack.to_json_string(contents.body())
        )

    def _count_rotations(self, stack: cdk.Stack, trail: "RecordedTrail | None") -> logs.CfnMetricFilter | None:
        if trail is None or trail.log_group is None or trail.home_region != stack.region:
            return None
        count = logs.CfnMetricFilter.MetricTransformationProperty(
            metric_namespace=ROTATIONS.namespace,
            metric_name=ROTATIONS.name,
            metric_value="1",
            dimensions=[logs.CfnMetricFilter.DimensionProperty(key=ROTATIONS.dimensions[0], value=KEY_ID)],
        )
        return logs.CfnMetricFilter(
            self,
            "Rotations",
            log_group_name=trail.log_group.log_group_name,
            filter_pattern=PATTERN,
            metric_transformations=[count],
        )


def _copy_of(trail: "RecordedTrail | None", *, counts_rotations: bool) -> TrailCopy | None:
    if trail is None or trail.log_group is None:
        return None
    return TrailCopy(
        log_group_name=trail.log_group.log_group_name, region=trail.home_region, counts_rotations=counts_rotations
    )


def _check_trail(stack: cdk.Stack, trail: "RecordedTrail | None") -> None:
    if trail is None:
        return
    check_trail(trail)
    if trail.log_group is None:
        raise ConfigurationError(
            f"trail must have a log group, which is asked for what KMS publishes no metric for, got {trail.trail_name} "
            "without one; leave trail out"
        )
    here, there = stack.account, trail.home_account
    if are_apart(here, there):
        raise ConfigurationError(
            f"trail must be in {here}, the account of the dashboard, which reads its log group, got {trail.trail_name} "
            f"in {there}; leave trail out"
        )
