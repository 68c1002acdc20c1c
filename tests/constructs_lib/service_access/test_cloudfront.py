"""What distributions need from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access import cloudfront
from constructs_lib.service_access.service_use import ServiceUse

DISTRIBUTION = "arn:${AWS::Partition}:cloudfront::111122223333:distribution/E1A2B3"
DISTRIBUTIONS = "arn:${AWS::Partition}:cloudfront::111122223333:distribution/*"


def test_read_bucket_gives_exactly_this() -> None:
    use = cloudfront.read_bucket(distribution_id="E1A2B3", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "CloudFrontReads926179",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": DISTRIBUTION}},
        }
    ]
    assert use.creator == ""


def test_write_bucket_gives_exactly_this() -> None:
    use = cloudfront.write_bucket(distribution_id="E1A2B3", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "CloudFrontWrites926179",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": DISTRIBUTION}},
        }
    ]
    assert use.creator == ""


def test_read_bucket_from_any_distribution_gives_exactly_this() -> None:
    use = cloudfront.read_bucket_from_any_distribution(account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "CloudFrontReadsForAnyd75f0b",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": DISTRIBUTIONS}},
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (cloudfront.read_bucket, {"distribution_id": "*"}, "distribution_id"),
        (cloudfront.read_bucket, {"distribution_id": ""}, "distribution_id"),
        (cloudfront.read_bucket, {"distribution_id": "a b:c"}, "distribution_id"),
        (cloudfront.read_bucket, {"distribution_id": "E1A2B3", "account": "1111"}, "account"),
        (cloudfront.write_bucket, {"distribution_id": "*"}, "distribution_id"),
        (cloudfront.write_bucket, {"distribution_id": ""}, "distribution_id"),
        (cloudfront.write_bucket, {"distribution_id": "a b:c"}, "distribution_id"),
        (cloudfront.write_bucket, {"distribution_id": "E1A2B3", "account": "1111"}, "account"),
        (cloudfront.read_bucket_from_any_distribution, {"account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
