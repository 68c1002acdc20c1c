from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.hooks import HierarchicalEmitter, first_non_none_response

from envelope.retry_stop import FailedAttempt, stop_retries

HUNG = ReadTimeoutError(endpoint_url="https://sqs")
RETRY_AFTER = 1.0


def decided(status: int | None, seen: list[FailedAttempt], *, may_retry: bool) -> Any:
    """Let botocore decide to retry after an attempt with that status, or one that hung, and say what is made of it."""

    def say(failed: FailedAttempt) -> bool:
        seen.append(failed)
        return may_retry

    events: Any = HierarchicalEmitter()
    client: Any = SimpleNamespace(meta=SimpleNamespace(events=events))
    stop_retries(client, say)
    events.register("needs-retry.sqs", lambda **_: RETRY_AFTER)
    answer = AWSResponse("https://sqs", status or 0, HTTPHeaders(), None), {"Error": {"Code": "Busy"}}
    answers = events.emit(
        "needs-retry.sqs.SendMessage",
        response=answer if status else None,
        caught_exception=None if status else HUNG,
        attempts=2,
        request_dict={"context": {"began": 1}},
        operation=SimpleNamespace(name="SendMessage"),
    )
    return first_non_none_response(answers)


@pytest.mark.parametrize("status", [200, 299])
def test_success_is_nothing_to_decide_about(status: int) -> None:
    seen: list[FailedAttempt] = []

    decided(status, seen, may_retry=False)

    assert seen == []


@pytest.mark.parametrize("status", [300, 403, 503])
def test_an_error_that_was_answered_becomes_the_one_of_the_client(status: int) -> None:
    seen: list[FailedAttempt] = []

    with pytest.raises(ClientError) as caught:
        decided(status, seen, may_retry=False)

    assert (caught.value.operation_name, caught.value.response["Error"]["Code"]) == ("SendMessage", "Busy")
    assert seen == [FailedAttempt("SendMessage", 2, is_answered=True, exception=None, context={"began": 1})]


def test_what_was_caught_is_raised_as_it_is() -> None:
    seen: list[FailedAttempt] = []

    with pytest.raises(ReadTimeoutError) as caught:
        decided(None, seen, may_retry=False)

    assert caught.value is HUNG
    assert seen == [FailedAttempt("SendMessage", 2, is_answered=False, exception=HUNG, context={"began": 1})]


@pytest.mark.parametrize("status", [None, 503])
def test_where_there_is_time_the_decision_is_that_of_botocore(status: int | None) -> None:
    assert decided(status, [], may_retry=True) == RETRY_AFTER
