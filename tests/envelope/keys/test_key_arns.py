import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.keys.key_arns import KeyArn
from tests.support.fake_kms import FAR_KEY_ARN, KEY_ARN, MULTI_REGION_ARN, OTHER_KEY_ARN, REPLICA_ARN

NO_KEY_ARNS = [
    "",
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "alias/orders",
    "arn:aws:kms:eu-central-1:111122223333:alias/orders",
    "arn:aws:kms:eu-central-1:111122223333:alias/mrk-orders",
    "arn:aws:s3:eu-central-1:111122223333:key/1234",
    "arn:aws:kms::111122223333:key/1234",
    "arn:aws:kms:eu-central-1:11112222333:key/1234",
    "arn:aws:kms:eu-central-1:1111222233333:key/1234",
    "arn:aws:kms:eu-central-1:111122223333:key/",
    "arn:aws:kms:eu-central-1:111122223333:key/1234/5",
    "arn:aws:kms:eu-central-1:111122223333:key/1234:5",
    "arn:awskms:eu-central-1:111122223333:key/1234",
    "aws:aws:kms:eu-central-1:111122223333:key/1234",
    "arn:aws:kms:eu-central-1.example.com/:111122223333:key/1234",
    " " + KEY_ARN,
    KEY_ARN + "\n",
    "arn:aws:kms:*:111122223333:key/1234",
]


@pytest.mark.parametrize("text", NO_KEY_ARNS)
def test_refuses_everything_but_the_arn_of_a_key(text: str) -> None:
    with pytest.raises(ValueError, match="key_arn must be the ARN of a KMS key, got"):
        KeyArn.parse(text)


@pytest.mark.parametrize("text", NO_KEY_ARNS)
def test_a_message_that_names_no_key_is_no_error(text: str) -> None:
    assert KeyArn.from_message(text.encode()) is None


@given(st.binary(max_size=100))
def test_a_message_may_say_anything(data: bytes) -> None:
    assert KeyArn.from_message(data) is None


def test_a_message_in_another_spelling_of_utf8_names_no_key() -> None:
    assert KeyArn.from_message(KEY_ARN.encode().replace(b"key/1", b"key/\xc0\xb1")) is None
    assert KeyArn.from_message(KEY_ARN.replace("1", "\N{ARABIC-INDIC DIGIT ONE}").encode()) is None


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"])
def test_reads_keys_of_every_partition(partition: str) -> None:
    text = KEY_ARN.replace("arn:aws:", f"arn:{partition}:")

    assert KeyArn.parse(text).partition == partition
    assert str(KeyArn.parse(text)) == text
    assert KeyArn.from_message(text.encode()) == KeyArn.parse(text)


def test_keys_are_related_to_themselves_and_to_their_replicas() -> None:
    for one, other in [(KEY_ARN, KEY_ARN), (MULTI_REGION_ARN, REPLICA_ARN), (REPLICA_ARN, MULTI_REGION_ARN)]:
        assert KeyArn.parse(one).is_related_to(KeyArn.parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KEY_ARN, OTHER_KEY_ARN),
        (KEY_ARN, FAR_KEY_ARN),
        (KEY_ARN, KEY_ARN.replace("eu-central-1", "us-west-2")),
        (KEY_ARN, KEY_ARN.replace("key/", "key/mrk-")),
        (MULTI_REGION_ARN, REPLICA_ARN.replace("111122223333", "444455556666")),
        (MULTI_REGION_ARN, REPLICA_ARN.replace("arn:aws:", "arn:aws-cn:")),
        (MULTI_REGION_ARN, REPLICA_ARN[:-1] + "c"),
        (MULTI_REGION_ARN, REPLICA_ARN.replace("mrk-", "")),
        (MULTI_REGION_ARN, REPLICA_ARN.replace("mrk-", "MRK-")),
    ],
)
def test_other_keys_are_not_related(one: str, other: str) -> None:
    assert not KeyArn.parse(one).is_related_to(KeyArn.parse(other))
    assert not KeyArn.parse(other).is_related_to(KeyArn.parse(one))
