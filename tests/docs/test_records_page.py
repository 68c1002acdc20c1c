"""What the page about records says is what the code does."""

import json
import re
from pathlib import Path
from typing import Any

from envelope.handler import Deployment, encrypt
from envelope.limits import (
    BATCH_KMS_CALLS_MAX,
    DECRYPTS_OF_KEY_MAX,
    ENCRYPTED_DATA_KEYS_MAX,
    RESPONSE_BYTES_MAX,
)
from envelope.records.batch import RESERVE_SECONDS
from envelope.records.queue_sink import QueueSink
from envelope.records.sink_retries import ATTEMPT_SECONDS_MAX
from envelope.records.stream_sink import StreamSink
from tests.support.fake_clients import FakeClients, FakeQueues
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.record_events import QUEUE_URL

PAGE = (Path(__file__).parents[2] / "docs" / "records.md").read_text()


def test_the_request_of_the_page_has_the_answer_of_the_page() -> None:
    request, expected = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    variables = {"ENVELOPE_KEY_ARN": KEY_ARN, "REQUIRED_CONTEXT_KEYS": '["tenant"]'}
    deployment = Deployment.from_environment(variables, clients=FakeClients(FakeKms()))

    answer: dict[str, Any] = encrypt(request, None, deployment=deployment)

    for each in answer["records"]:
        if "message" in each:
            each["message"] = "..."
    assert answer == expected


def test_the_numbers_of_the_page_are_those_of_the_code() -> None:
    text = " ".join(PAGE.split())
    queue = QueueSink(FakeQueues(), queue_url=QUEUE_URL)

    assert f"Lambda's {RESPONSE_BYTES_MAX:,} bytes" in text
    assert f"KMS is asked at most {BATCH_KMS_CALLS_MAX} times" in text
    assert (DECRYPTS_OF_KEY_MAX, ENCRYPTED_DATA_KEYS_MAX) == (2, 5)
    assert f"and {BATCH_KMS_CALLS_MAX // DECRYPTS_OF_KEY_MAX} of them use up the calls of an invocation" in text
    assert f"with more five and {BATCH_KMS_CALLS_MAX // ENCRYPTED_DATA_KEYS_MAX}." in text
    assert f"up to {queue.entries_max} (SQS, {queue.bytes_max:,} bytes)" in text
    assert f"given up after {ATTEMPT_SECONDS_MAX} seconds at most" in text
    assert f"end {RESERVE_SECONDS:.0f} seconds before the time is over" in text
    kept = ATTEMPT_SECONDS_MAX + RESERVE_SECONDS
    assert f"in the last {kept:.0f} seconds of the function's time, or in the last half" in text
    assert f"where there is less than {2 * kept:.0f}." in text
    assert f"or {StreamSink.entries_max} (Kinesis, {StreamSink.bytes_max // 1024**2} MiB)" in text
