"""What Secrets Manager says by itself, in trails and on the event bus: how a rotation went.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html names the events. Their fields
are those of events that people published: nobody's identity but the service's own, and the secret in
`additionalEventData`.
"""

import contextvars
import time
import uuid
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import request_scope

from local_aws.server.call_recording import keep

_SERVICE = "secretsmanager.amazonaws.com"


def tell(record: Mapping[str, Any], name: str, *, version_id: str, error: str | None = None) -> None:
    """Put an event of a secret on record.

    Args:
        record: The secret.
        name: The event, such as `RotationSucceeded`.
        version_id: The version that the rotation makes.
        error: What went wrong.
    """
    _, _, _, region, account, *_ = str(record["ARN"]).split(":")
    event = {
        "eventVersion": "1.08",
        "userIdentity": {"accountId": account, "invokedBy": _SERVICE},
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "eventSource": _SERVICE,
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": _SERVICE,
        "userAgent": _SERVICE,
        **({"errorMessage": error} if error else {}),
        "requestParameters": None,
        "responseElements": None,
        "additionalEventData": {"SecretId": record["ARN"]},
        "requestID": f"Rotation-{record['ARN']}-{version_id}",
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }
    # In nobody's name: whoever's call this happens in has no part in where the news goes.
    contextvars.Context().run(_keep, account, region, event)


def _keep(account: str, region: str, event: dict[str, Any]) -> None:
    with request_scope(account, region):
        keep(event)
