"""The event that S3 sends to EventBridge names the version of the object where the bucket has versions.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html: ministack leaves `version-id` out.
"""

import json
from contextvars import ContextVar
from typing import Any

from ministack.services import eventbridge, s3

_version: ContextVar[str | None] = ContextVar("local_aws_object_version", default=None)
_fire_as_ministack = s3._fire_s3_event
_dispatch_of_ministack = eventbridge._dispatch_event


def extend() -> None:
    """Add what is missing on the way from one service to the other."""
    s3._fire_s3_event = _fire
    eventbridge._dispatch_event = _dispatch


def _fire(*arguments: Any, version_id: str | None = None, **options: Any) -> None:  # noqa: ANN401  # ministack's own
    token = _version.set(version_id)
    try:
        _fire_as_ministack(*arguments, version_id=version_id, **options)
    finally:
        _version.reset(token)


def _dispatch(event: dict[str, Any], *rest: Any) -> Any:  # noqa: ANN401  # ministack's own signature
    version = _version.get()
    if version and event.get("Source") == "aws.s3":
        detail = json.loads(event["Detail"])
        detail["object"]["version-id"] = version
        event = {**event, "Detail": json.dumps(detail)}
    return _dispatch_of_ministack(event, *rest)
