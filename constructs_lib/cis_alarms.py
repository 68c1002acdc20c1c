"""CisAlarms: the metric filters and alarms of the CIS AWS Foundations Benchmark."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.key_settings import check_choice
from constructs_lib.watching.cis_controls import CisControl
from constructs_lib.watching.copied_trail import log_group_of
from constructs_lib.watching.counted import count
from constructs_lib.watching.notify import Notify
from constructs_lib.watching.outlet import check_notify, open_outlet
from constructs_lib.watching.runbook import Runbook
from constructs_lib.wiring.recorded_trail import RecordedTrail, TrailReach

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sns as sns


class CisAlarms(Construct):
    """An alarm for each of the controls 4.1 to 4.15 of the benchmark, which Security Hub knows as CloudWatch.1 to .14.

    The patterns are AWS's own to the last character, and one record within five minutes is an alarm: Security Hub
    accepts nothing else. So some of them ring often: in most accounts calls are refused every day. What means trouble
    for keys is in `KeyWatch`; these alarms are for whoever has to pass the benchmark.

    Security Hub also wants a topic of the account with a subscription: told by `ToBus`, the alarms have none, and its
    controls fail. It looks for the alarms in the account and
    Region of the trail, and reports nothing elsewhere. With the trail of an organization the calls of all its accounts
    are counted.

    https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html

    Attributes:
        alarms: Control to alarm.
        topic: Whom people subscribe to; None if a bus is told.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_kms as kms, aws_logs as logs, aws_s3 as s3
        >>> from constructs_lib.existing_trail import ExistingTrail
        >>> from constructs_lib.watching.notify import NewTopic
        >>> stack = cdk.Stack(cdk.App(), "Audit")
        >>> trail = ExistingTrail(
        ...     trail_arn=f"arn:aws:cloudtrail:{stack.region}:{stack.account}:trail/main",
        ...     bucket=s3.Bucket.from_bucket_name(stack, "Logs", "trail-logs"),
        ...     log_group=logs.LogGroup.from_log_group_name(stack, "Copy", "trail"),
        ... )
        >>> cis = CisAlarms(stack, "Cis", trail=trail, notify=NewTopic(encryption_key=kms.Key(stack, "NewsKey")))
        >>> len(cis.alarms)
        15
    """

    alarms: "Mapping[CisControl, cloudwatch.Alarm]"
    topic: "sns.ITopic | None"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        trail: RecordedTrail,
        notify: Notify,
        controls: Collection[CisControl] = tuple(CisControl),
        runbook: str | None = None,
    ) -> None:
        """Define a metric filter and an alarm for each control.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            trail: A trail of every Region with a copy in CloudWatch Logs, in the account and Region of `scope`.
            notify: Whom the alarms tell.
            controls: Which of the controls. Default: all.
            runbook: Where the alarms lead: the https URL or the path of a page with the sections of `docs/runbook.md`.
                Default: that page of this library, which says so.

        Raises:
            ConfigurationError: If the trail is none, has no copy, has it elsewhere or records one Region alone, if
                `controls` names none, `notify` cannot be told, or `runbook` would break a message.
        """
        given: object = controls
        if isinstance(given, str) or not isinstance(given, Collection) or not given:
            raise ConfigurationError(f"controls must be a collection of CisControl, got {given!r}")
        chosen = {check_choice("controls", control, CisControl) for control in controls}
        log_group = log_group_of(scope, trail)
        if trail.reach is not TrailReach.EVERY_REGION:
            raise ConfigurationError(
                f"trail must record every Region, as the benchmark wants it, got {trail.trail_name}, which records "
                f"{trail.reach.value}"
            )
        check_notify(scope, notify)
        leading = Runbook(runbook)
        super().__init__(scope, construct_id)
        outlet = open_outlet(self, notify, leading)
        self.alarms = {
            control: count(self, control.counted, log_group=log_group, outlet=outlet)
            for control in CisControl
            if control in chosen
        }
        self.topic = outlet.topic
