"""An alarm tells the topics that admit it and their keys; what it could not tell stands in its history.

CloudWatch says to both for which alarm it acts. For the topic that is documented, for the key SNS documents it of
services in general.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch

from local_aws.server.notifications.publishing import Publisher, refusal_of_publisher
from local_aws.server.service_principal import acting_for

_CLOUDWATCH = "cloudwatch.amazonaws.com"
_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}

_dispatch_as_ministack = cloudwatch._dispatch_alarm_actions


def extend() -> None:
    """Stand before an alarm's actions."""
    cloudwatch._dispatch_alarm_actions = _dispatch


def _dispatch(alarm: Mapping[str, Any], old_state: str, new_state: str, reason: str) -> None:
    name, field = str(alarm["AlarmName"]), _ACTIONS[new_state]
    source = f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"
    sent = acting_for(source)
    # The policy that SNS gives a topic admits by the account of the owner, which alarms name and rules do not.
    of_owner = {**sent, "aws:SourceOwner": get_account_id()}
    publisher = Publisher(service=_CLOUDWATCH, to_topic=of_owner, to_key=sent)
    admitting = []
    for action in alarm.get(field) or []:
        refused = refusal_of_publisher(action, publisher) if ":sns:" in action else None
        if refused is None:
            admitting.append(action)
        if alarm.get("ActionsEnabled", True):
            _note(name, action, refused)
    _dispatch_as_ministack({**alarm, field: admitting}, old_state, new_state, reason)


def _note(alarm: str, action: str, refused: str | None) -> None:
    outcome = "Successfully executed" if refused is None else "Failed to execute"
    cloudwatch._history_entries().append({
        "AlarmName": alarm,
        "AlarmType": "MetricAlarm",
        "Timestamp": cloudwatch._ts_iso(time.time()),
        "HistoryItemType": "Action",
        "HistorySummary": f"{outcome} action {action}",
        "HistoryData": json.dumps({"actionState": "Failed" if refused else "Succeeded", "error": refused}),
    })
