"""What DNSSEC needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access import route53
from constructs_lib.service_access.service_use import ServiceUse

ZONE = "arn:${AWS::Partition}:route53:::hostedzone/Z1A2B3"


def test_sign_zone_gives_exactly_this() -> None:
    use = route53.sign_zone(hosted_zone_id="Z1A2B3", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "DnssecSignsc93a9e",
            "Effect": "Allow",
            "Principal": {"Service": "dnssec-route53.amazonaws.com"},
            "Action": ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:SourceArn": ZONE}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
        },
        {
            "Sid": "DnssecGrantsc93a9e",
            "Effect": "Allow",
            "Principal": {"Service": "dnssec-route53.amazonaws.com"},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "ArnEquals": {"aws:SourceArn": ZONE},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"aws:SourceAccount": "111122223333"},
            },
        },
    ]
    assert use.creator == ""
    assert (use.key_spec, use.key_region) == ("ECC_NIST_P256", "us-east-1")


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (route53.sign_zone, {"hosted_zone_id": "*"}, "hosted_zone_id"),
        (route53.sign_zone, {"hosted_zone_id": ""}, "hosted_zone_id"),
        (route53.sign_zone, {"hosted_zone_id": "a b:c"}, "hosted_zone_id"),
        (route53.sign_zone, {"hosted_zone_id": "Z1A2B3", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
