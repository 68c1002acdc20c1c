from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from constructs_lib.certificates.validation import DelegatedZone, dns_validation, unsafe_email_validation
from constructs_lib.errors import ConfigurationError

ROLE = "arn:aws:iam::444455556666:role/certificates"


def delegated(**told: Any) -> DelegatedZone:
    return DelegatedZone(**{"zone_name": "example.com", "hosted_zone_id": "Z0123456789", "role_arn": ROLE, **told})


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"zone_name": "com"}, "zone_name must be a name below a public suffix"),
        ({"hosted_zone_id": "/hostedzone/Z0123456789"}, "hosted_zone_id must be the id of a hosted zone"),
        ({"hosted_zone_id": cdk.Aws.STACK_ID}, "hosted_zone_id must be written out, since it is of another account"),
        ({"role_arn": "certificates"}, "role_arn must be the ARN of a role"),
        ({"role_arn": "arn:aws:iam::444455556666:user/somebody"}, "role_arn must be the ARN of a role"),
        ({"role_arn": "arn:aws:iam::444455556666:role/*"}, "role_arn must be the ARN of a role"),
        ({"external_id": "a b"}, "external_id must be 2 to 1224"),
    ],
    ids=["a suffix", "a path", "a token", "a name", "a user", "any role", "a space"],
)
def test_refuses_a_delegated_zone_that_the_function_could_not_use(told: dict[str, str], why: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{why}"):
        delegated(**told)


def test_refuses_no_zones_and_names_what_is_there_for_an_outside_dns() -> None:
    with pytest.raises(ConfigurationError, match=r"zones must be at least one hosted zone, got none: outside_dns\(\)"):
        dns_validation()


def test_refuses_what_is_no_zone_by_its_place() -> None:
    bucket = s3.Bucket(cdk.Stack(cdk.App(), "Stack"), "Bucket")
    with pytest.raises(ConfigurationError, match=r"zones\[1\] must be a hosted zone, .* got a Bucket Stack/Bucket"):
        dns_validation(delegated(), bucket)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"because": " "}, "because must be a reason"),
        (
            {"because": "old DNS", "mailboxes_at": {"shop.example.com": "example.net"}},
            r"must be shop\.example\.com or a",
        ),
        ({"because": "old DNS", "mailboxes_at": {"shop.example.com": "hop.example.com"}}, "or a parent of it"),
        ({"because": "old DNS", "mailboxes_at": {"shop.example.com": "com"}}, "must be a name below a public suffix"),
    ],
    ids=["no reason", "elsewhere", "only ends alike", "a suffix"],
)
def test_refuses_email_without_a_reason_or_to_somebody_else(told: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        unsafe_email_validation(**told)
