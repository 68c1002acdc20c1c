import json
import time
from typing import Any

import pytest

from local_aws import LocalAws

pytestmark = pytest.mark.deploy


@pytest.mark.parametrize(
    ("pattern", "found"),
    [('{ $.errorCode = "AccessDenied*" }', [0]), ("{ $.number >= 2 && $.errorCode NOT EXISTS }", [1]), ("plain", [2])],
)
def test_events_are_found_by_patterns_for_json_and_by_words(aws: LocalAws, pattern: str, found: list[int]) -> None:
    logs, name = aws.session().client("logs"), f"searched-{found}"
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="one")
    messages = [json.dumps({"number": 2, "errorCode": "AccessDenied"}), json.dumps({"number": 2}), "plain text"]
    events: list[Any] = [{"timestamp": int(time.time() * 1000), "message": each} for each in messages]
    logs.put_log_events(logGroupName=name, logStreamName="one", logEvents=events)

    answer = logs.filter_log_events(logGroupName=name, filterPattern=pattern)

    assert [each["message"] for each in answer["events"]] == [messages[each] for each in found]
