"""A trail's copy in CloudWatch Logs, written by the role that it was given, if that role may.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
"""

import calendar
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import cloudwatch_logs

from local_aws.server.caller import acting_as, caller, role_named
from local_aws.server.decision import Question, refusal
from local_aws.server.service_principal import is_admitted
from local_aws.server.trails.log_file import CLOUDTRAIL

_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


def group_name(trail: Mapping[str, Any]) -> str:
    """Return the name of a trail's log group; empty if it has none."""
    arn = str(trail.get("CloudWatchLogsLogGroupArn", ""))
    return arn.partition(":log-group:")[2].removesuffix(":*")


def write(trail: Mapping[str, Any], region: str, records: Sequence[Mapping[str, Any]]) -> str | None:
    """Write one log event for each record; the answer is what AWS says if the role may not.

    Args:
        trail: ministack's record of the trail.
        region: The Region of the events.
        records: The events.
    """
    group, stream = group_name(trail), stream_name(trail, region)
    if group not in cloudwatch_logs._log_groups:
        return "The specified log group does not exist."
    refused = refusal_of_role(trail, region)
    if refused is not None:
        return refused
    if stream not in cloudwatch_logs._log_groups[group]["streams"]:
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    events = [{"timestamp": _milliseconds(record), "message": json.dumps(record)} for record in records]
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})
    return None


def stream_name(trail: Mapping[str, Any], region: str) -> str:
    """Return the name of the log stream for the events of a Region."""
    account = get_account_id()
    organization = iam_evaluator._principal_org_id(account) if trail.get("IsOrganizationTrail") else None
    return "_".join(part for part in (organization, account, "CloudTrail", region) if part)


def refusal_of_role(trail: Mapping[str, Any], region: str) -> str | None:
    """Say why the trail's role may not write the log events; nothing if it may."""
    role_arn = str(trail.get("CloudWatchLogsRoleArn", ""))
    role = role_named(role_arn)
    if role is None or not _trusts_cloudtrail(role, trail):
        return f"Role {role_arn} cannot be assumed by CloudTrail"
    group_arn = str(trail["CloudWatchLogsLogGroupArn"]).removesuffix(":*")
    resource = f"{group_arn}:log-stream:{stream_name(trail, region)}"
    with acting_as(role_arn):
        principal = caller()
    answers = (refusal(Question(action=action, resource=resource), principal) for action in _ACTIONS)
    return next((answer for answer in answers if answer is not None), None)


def _trusts_cloudtrail(role: Mapping[str, Any], trail: Mapping[str, Any]) -> bool:
    document = role["AssumeRolePolicyDocument"]
    parsed = json.loads(document) if isinstance(document, str) else document
    statements = parsed["Statement"] if isinstance(parsed["Statement"], list) else [parsed["Statement"]]
    trust = {"Statement": [{**each, "Resource": "*"} for each in statements]}
    return is_admitted(
        trust,
        service=CLOUDTRAIL,
        action="sts:AssumeRole",
        resource="*",
        keys={"aws:SourceArn": trail["TrailARN"], "aws:SourceAccount": get_account_id()},
    )


def _milliseconds(record: Mapping[str, Any]) -> int:
    return calendar.timegm(time.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%SZ")) * 1000
