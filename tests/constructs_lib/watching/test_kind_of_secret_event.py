from typing import Any

from constructs_lib.watching.kind_of_secret_event import KindOfSecretEvent, Naming
from constructs_lib.wiring.secret_in_records import SecretInRecords
from tests.support.told_secrets import SECRET_ARN

SECRET = SecretInRecords(arn=SECRET_ARN, called="orders")


def kind(naming: Naming, **said: Any) -> KindOfSecretEvent:
    return KindOfSecretEvent(
        headline="{secret} changed", remedy=("look at {arn}",), names=("Change",), naming=naming, section="s", **said
    )


def test_a_kind_is_of_calls_or_of_news_and_only_refusals_are_of_calls_that_read() -> None:
    assert {each: kind(each).is_news for each in Naming if kind(each).is_news} == {Naming.NEWS: True}
    assert [each for each in Naming if kind(each).is_read_only] == [Naming.REFUSAL]


def test_calls_must_have_succeeded_and_news_may_have_failed() -> None:
    patterns = {each: kind(each).pattern(SECRET) for each in Naming}

    succeeded = [{"exists": False}]
    assert patterns[Naming.ANSWER]["detail"]["errorCode"] == succeeded
    assert patterns[Naming.ANSWER_OR_REQUEST]["detail"]["errorCode"] == succeeded
    assert "errorCode" not in patterns[Naming.NEWS]["detail"]
    assert patterns[Naming.REFUSAL]["detail"]["errorCode"] == [{"prefix": "AccessDenied"}]
    assert patterns[Naming.NEWS]["detail-type"] == ["AWS Service Event via CloudTrail"]
    assert patterns[Naming.ANSWER]["detail-type"] == ["AWS API Call via CloudTrail"]


def test_what_a_record_must_say_besides_is_in_the_pattern() -> None:
    pattern = kind(Naming.ANSWER, detail={"requestParameters": {"kmsKeyId": [{"exists": True}]}}).pattern(SECRET)

    assert pattern["detail"]["requestParameters"] == {"kmsKeyId": [{"exists": True}]}


def test_a_message_names_the_secret_in_the_headline_the_facts_and_the_remedy() -> None:
    message = kind(Naming.NEWS, facts=("Why: not known",)).message(SECRET)

    assert message.headline == "orders changed"
    assert message.facts[:2] == (f"Secret: orders, {SECRET_ARN}", "Why: not known")
    assert message.remedy == (f"look at {SECRET_ARN}",)
