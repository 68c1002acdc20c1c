"""Events that AWS itself puts on the default bus of an account, which nobody else may claim to be.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html: `PutEvents` takes no source that begins with
`aws.`, so whoever runs this emulator has a way of its own to let AWS say something.
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack.services import eventbridge


def put_event(entry: Mapping[str, Any]) -> None:
    """Put an event on the default bus of the account and Region at hand.

    Args:
        entry: As `PutEvents` takes it, with `Detail` as JSON values.
    """
    event = {"Resources": [], **entry, "Detail": json.dumps(entry["Detail"])}
    eventbridge._put_events({"Entries": [event]}, allow_aws_source=True)
