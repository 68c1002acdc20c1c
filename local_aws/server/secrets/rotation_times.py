"""When a secret is rotated next.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html. AWS rotates in a window; the
date here is its beginning.
"""

import re
from datetime import UTC, datetime, timedelta

from ministack.services import eventbridge

from local_aws.server.secrets.records import Record

_RATE = re.compile(r"rate\((\d+) (hour|day)s?\)")


def next_rotation(record: Record) -> int | None:
    """Say when, in seconds since 1970; nothing if the secret is not rotated."""
    rules = record.get("RotationRules") or {}
    if not record.get("RotationEnabled") or not rules:
        return None
    last = datetime.fromtimestamp(record.get("_LastRotated") or record["CreatedDate"], UTC)
    expression = str(rules.get("ScheduleExpression") or f"rate({rules.get('AutomaticallyAfterDays')} days)")
    rate = _RATE.fullmatch(expression)
    if rate is not None:
        number = int(rate[1])
        return int((last + (timedelta(hours=number) if rate[2] == "hour" else timedelta(days=number))).timestamp())
    fields = eventbridge._parse_cron_fields(expression)
    found: datetime | None = eventbridge._cron_next_fire(fields, datetime.now(UTC)) if fields is not None else None
    return int(found.timestamp()) if found is not None else None
