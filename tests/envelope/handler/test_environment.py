import re

import pytest

from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, CommitmentPolicy
from envelope.handler import Deployment
from envelope.handler.environment import Environment
from tests.support.fake_clients import FakeClients
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.requests import VARIABLES


def test_what_is_not_there_has_its_default() -> None:
    nothing = Environment({})

    assert nothing.text("NAME") is None
    assert nothing.strings("NAME") == ()
    assert nothing.suite("NAME") is COMMITTING
    assert nothing.policy("NAME") is CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    assert nothing.context("NAME") is None
    assert nothing.cache_limits("NAME") is None
    assert nothing.queue_or_stream("NAME") is None


def test_an_empty_context_is_one() -> None:
    assert Environment({"NAME": "{}"}).context("NAME") == EncryptionContext(())


@pytest.mark.parametrize("policy", list(CommitmentPolicy))
def test_a_policy_is_called_by_its_name(policy: CommitmentPolicy) -> None:
    assert Environment({"NAME": policy.name}).policy("NAME") is policy


@pytest.mark.parametrize(
    "place",
    [
        "https://sqs.eu-central-1.amazonaws.com/111122223333/orders.fifo",
        "http://127.0.0.1:4566/111122223333/orders",
        "arn:aws-us-gov:kinesis:us-gov-west-1:111122223333:stream/a.b-c_D",
    ],
)
def test_records_go_to_queues_and_streams(place: str) -> None:
    assert Environment({"NAME": place}).queue_or_stream("NAME") == place


NO_LIST = "must be a JSON list of strings, not empty, got"
BAD_VARIABLES = [
    ("REQUIRED_CONTEXT_KEYS", None, f"REQUIRED_CONTEXT_KEYS {NO_LIST} None"),
    ("REQUIRED_CONTEXT_KEYS", "[]", f"REQUIRED_CONTEXT_KEYS {NO_LIST} []"),
    ("REQUIRED_CONTEXT_KEYS", "null", f"REQUIRED_CONTEXT_KEYS {NO_LIST} null"),
    ("REQUIRED_CONTEXT_KEYS", '{"purpose": 1}', f"REQUIRED_CONTEXT_KEYS {NO_LIST} {{'purpose': 1}}"),
    ("REQUIRED_CONTEXT_KEYS", '["purpose", 1]', f"REQUIRED_CONTEXT_KEYS {NO_LIST} ['purpose', 1]"),
    ("REQUIRED_CONTEXT_KEYS", "purpose", f"REQUIRED_CONTEXT_KEYS {NO_LIST} 'purpose'"),
    ("ENVELOPE_KEY_ARN", None, "key_arn must be the ARN of a KMS key, got ''"),
    ("ENVELOPE_KEY_ARN", "alias/key", "key_arn must be the ARN of a KMS key, got 'alias/key'"),
    ("FURTHER_KEY_ARNS", '["alias/key"]', "key_arn must be the ARN of a KMS key, got 'alias/key'"),
    ("FURTHER_KEY_ARNS", KEY_ARN, f"FURTHER_KEY_ARNS {NO_LIST} '{KEY_ARN}'"),
    ("FURTHER_KEY_ARNS", f'["{KEY_ARN}"]', "further_key_arns must be keys unlike each other"),
    ("NEW_KEY_ARN", "alias/key", "key_arn must be the ARN of a KMS key, got 'alias/key'"),
    ("ALGORITHM_SUITE", "0178", "ALGORITHM_SUITE must be one of ['0478', '0578'], got '0178'"),
    ("COMMITMENT_POLICY", "NONE", "COMMITMENT_POLICY must be one of ['REQUIRE_ENCRYPT_REQUIRE_DECRYPT', "),
    ("DATA_KEY_CACHE", "[]", "DATA_KEY_CACHE must be a JSON object with ['max_age_seconds', 'max_messages', "),
    ("DATA_KEY_CACHE", '{"max_age": 1}', "and nothing else, got {'max_age': 1}"),
    ("DATA_KEY_CACHE", '{"max_age_seconds": 0}', "max_age_seconds must be more than 0"),
    ("ENCRYPTION_CONTEXT", '{"purpose": 1}', "ENCRYPTION_CONTEXT must be a JSON object of strings, got {'purpose': 1}"),
    ("RECORDS_TO", "orders", "RECORDS_TO must be the URL of an SQS queue or the ARN of a Kinesis stream, got 'orders'"),
]


@pytest.mark.parametrize(("name", "value", "text"), BAD_VARIABLES)
def test_refuses_a_variable_and_says_what_is_allowed(name: str, value: str | None, text: str) -> None:
    variables = {key: each for key, each in {**VARIABLES, name: value}.items() if each is not None}

    with pytest.raises(ValueError, match=re.escape(text)):
        Deployment.from_environment(variables, clients=FakeClients(FakeKms()))
