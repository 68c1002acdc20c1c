from constructs_lib.wiring.secret_in_records import SecretInRecords
from tests.support.told_secrets import SECRET_ARN, SECRET_NAME

NAMED = SecretInRecords(arn=SECRET_ARN, called=SECRET_NAME, name=SECRET_NAME)
NAMELESS = SecretInRecords(arn=SECRET_ARN, called="Orders/Secret")


def test_the_answer_is_looked_for_in_both_spellings() -> None:
    assert NAMED.in_answer == {"responseElements": {"$or": [{"arn": [SECRET_ARN]}, {"aRN": [SECRET_ARN]}]}}


def test_a_caller_writes_the_arn_or_the_name_as_far_as_anybody_knows_it() -> None:
    assert NAMED.as_written == [SECRET_ARN, SECRET_NAME]
    assert NAMELESS.as_written == [SECRET_ARN]
    assert {"requestParameters": {"secretId": [SECRET_ARN]}} in NAMELESS.in_answer_or_request["$or"]


def test_news_is_looked_for_where_records_have_the_secret() -> None:
    assert NAMED.in_news["$or"] == [
        {"additionalEventData": {"SecretId": [SECRET_ARN]}},
        {"serviceEventDetails": {"secretId": [SECRET_ARN]}},
    ]


def test_a_refusal_may_name_the_secret_in_its_text_alone() -> None:
    (_, in_error) = NAMED.in_refusal["$or"]
    (_, of_nameless) = NAMELESS.in_refusal["$or"]

    assert [each["wildcard"] for each in in_error["errorMessage"]] == [
        f"*on resource: {SECRET_ARN}*",
        f"*on resource: {SECRET_NAME} because*",
    ]
    assert [each["wildcard"] for each in of_nameless["errorMessage"]] == [f"*on resource: {SECRET_ARN}*"]
