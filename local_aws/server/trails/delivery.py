"""Recorded calls on their way into log files and log groups, shortly after they were made.

A call is handed on at once and delivered by the event loop a little later, as nobody's request: no caller waits for it
and no caller's permissions count.
"""

import asyncio
import contextvars
import logging
import time
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudtrail

from local_aws.server import call_recording
from local_aws.server.trails import log_file, log_group
from local_aws.server.trails.announcement import announce
from local_aws.server.trails.selection import is_logged, logging_trails, region_of_log

_log = logging.getLogger(__name__)
_SECONDS = 0.3
_MOST = 1000

_Record = Mapping[str, Any]
_loops: list[asyncio.AbstractEventLoop] = []
_pending: dict[tuple[str, str, str], list[_Record]] = {}
_status_as_ministack = cloudtrail._get_trail_status


def extend() -> None:
    """Listen to the calls, and deliver what is waiting before somebody asks for a trail's status."""
    call_recording.listen(_take)
    cloudtrail._DISPATCH["GetTrailStatus"] = _status


def deliver_in(loop: asyncio.AbstractEventLoop) -> None:
    """Say which event loop delivers."""
    _loops.append(loop)


def _take(record: _Record) -> None:
    account = record["recipientAccountId"]
    trails = [trail for _, trail in logging_trails(account) if is_logged(record, trail)]
    if not trails:
        return
    is_first = not _pending
    for trail in trails:
        _pending.setdefault((account, trail["TrailARN"], region_of_log(record, trail)), []).append(record)
    # From whichever thread the call is made, the loop that serves delivers.
    _loops[0].call_soon_threadsafe(announce, record, context=contextvars.Context())
    if is_first:
        _loops[0].call_soon_threadsafe(_deliver_later, context=contextvars.Context())


def _deliver_later() -> None:
    _loops[0].call_later(_SECONDS, deliver)


def deliver() -> None:
    """Deliver everything that is waiting."""
    waiting = dict(_pending)
    _pending.clear()
    for (account, trail_arn, region), records in waiting.items():
        home, name = trail_arn.split(":")[3], trail_arn.rpartition("/")[2]
        trail = cloudtrail._trails.get_scoped(account, home, name)
        if trail is None:
            continue
        with request_scope(account, home):
            for first in range(0, len(records), _MOST):
                _write(trail, region, records[first : first + _MOST])


def _write(trail: dict[str, Any], region: str, records: list[_Record]) -> None:
    problem = log_file.write(trail, region, records)
    _note(trail, "LatestDelivery", problem)
    if log_group.group_name(trail):
        problem = log_group.write(trail, region, records)
        _note(trail, "LatestCloudWatchLogsDelivery", problem)


def _note(trail: dict[str, Any], what: str, problem: str | None) -> None:
    state = trail.setdefault("_Delivery", {})
    if problem is None:
        state[f"{what}Time"] = time.time()
        state.pop(f"{what}Error", None)
    else:
        _log.warning("%s of %s: %s", what, trail["TrailARN"], problem)
        state[f"{what}Error"] = problem


def _status(request: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's response
    contextvars.Context().run(deliver)
    status, headers, body = _status_as_ministack(request)
    if status >= 400:  # noqa: PLR2004  # HTTP's own boundary
        return status, headers, body
    _, _, trail = cloudtrail._find_visible_trail(request["Name"].strip())
    return cloudtrail._ok({**cloudtrail.json.loads(body), **trail.get("_Delivery", {})})
