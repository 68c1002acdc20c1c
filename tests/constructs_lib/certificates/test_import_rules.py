from typing import Any

import pytest

from constructs_lib.certificates.import_rules import CALLS_THAT_CHANGE_A_VALUE, pattern_of
from constructs_lib.wiring.secret_in_records import SecretInRecords
from tests.support.told_events import as_event, matches
from tests.support.told_secrets import SECRET_ARN, SECRET_NAME, secret_call

OTHER_ARN = SECRET_ARN.replace(SECRET_NAME, "orders/other")
PATTERN = pattern_of(SecretInRecords(arn=SECRET_ARN, called=SECRET_NAME, name=SECRET_NAME))


@pytest.mark.parametrize("call", CALLS_THAT_CHANGE_A_VALUE)
def test_every_call_that_can_change_the_value_is_seen(call: str) -> None:
    answered = {"eventName": call, "requestParameters": {"secretId": "its name"}}

    for field in ("arn", "aRN"):
        seen = secret_call(call, **answered, responseElements={field: SECRET_ARN})
        other = secret_call(call, **answered, responseElements={field: OTHER_ARN})
        assert matches(PATTERN, as_event(seen))
        assert not matches(PATTERN, as_event(other))


@pytest.mark.parametrize("written", [SECRET_ARN, SECRET_NAME], ids=["arn", "name"])
def test_a_record_without_an_answer_is_known_by_what_the_caller_wrote(written: str) -> None:
    put = secret_call("PutSecretValue", eventName="PutSecretValue", responseElements=None)

    assert matches(PATTERN, as_event({**put, "requestParameters": {"secretId": written}}))
    assert not matches(PATTERN, as_event({**put, "requestParameters": {"secretId": f"{written}2"}}))


@pytest.mark.parametrize(
    "changed",
    [{"eventName": "GetSecretValue"}, {"eventName": "DescribeSecret"}, {"errorCode": "AccessDenied"}],
    ids=["read", "described", "refused"],
)
def test_what_changes_no_value_is_not_seen(changed: dict[str, Any]) -> None:
    put = secret_call("PutSecretValue", eventName="PutSecretValue", responseElements={"arn": SECRET_ARN})

    assert matches(PATTERN, as_event(put))
    assert not matches(PATTERN, as_event({**put, **changed}))
