"""EventBridge hears of the calls that a logging trail logs and that change something.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html: events of global services
arrive in US East (N. Virginia) only, and reading calls on no rule that does not ask for them.
"""

from collections.abc import Mapping
from typing import Any

from ministack.core.responses import request_scope

from local_aws.server.events_of_aws import put_event
from local_aws.server.trails.selection import is_announced_in

_DETAIL_TYPES = {
    "AwsApiCall": "AWS API Call via CloudTrail",
    "AwsServiceEvent": "AWS Service Event via CloudTrail",
}


def announce(record: Mapping[str, Any]) -> None:
    """Put the record of a call, or of what a service says by itself, on the default bus."""
    if record["readOnly"]:
        return
    account = record["recipientAccountId"]
    service = str(record["eventSource"]).removesuffix(".amazonaws.com")
    with request_scope(account, is_announced_in(record)):
        put_event({"Source": f"aws.{service}", "DetailType": _DETAIL_TYPES[record["eventType"]], "Detail": record})
