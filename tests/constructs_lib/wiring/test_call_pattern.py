from constructs_lib.wiring.call_pattern import call_pattern
from tests.support.told_events import as_event, call, matches


def test_a_pattern_sees_calls_of_the_service_that_were_not_refused_and_say_what_they_must() -> None:
    pattern = call_pattern("kms", ["DisableKey"], {"awsRegion": ["us-east-1"]})
    disabled = call("DisableKey")

    assert matches(pattern, as_event(disabled))
    assert not matches(pattern, as_event({**disabled, "errorCode": "AccessDenied"}))
    assert not matches(pattern, as_event({**disabled, "awsRegion": "eu-west-1"}))
    assert not matches(pattern, as_event({**disabled, "eventName": "EnableKey"}))
