"""What a policy calls buckets and keys, beside the record and elsewhere."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.auditing.seen_from import Seen, SeenFrom
from tests.support.synthesised import app_of

ENV = cdk.Environment(account="111122223333", region="eu-west-1")
OWNED = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def audit(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=ENV)


@pytest.fixture
def elsewhere(audit: cdk.Stack) -> SeenFrom:
    return SeenFrom(record=audit, policy=cdk.Stack(app_of(audit), "People", env=ENV))


def partition(text: str, of: cdk.Stack) -> str:
    return text.replace(of.partition, "aws")


def test_beside_the_record_everything_is_named_by_reference(audit: cdk.Stack) -> None:
    beside = SeenFrom(record=audit, policy=audit)
    bucket, key = s3.Bucket(audit, "Logs"), kms.Key(audit, "Key")

    assert beside.bucket(bucket) == Seen(arn=bucket.bucket_arn, conditions={})
    assert beside.key(key) == Seen(arn=key.key_arn, conditions={})


@pytest.mark.parametrize(
    ("given", "name"), [(None, "audit-logs6819bb44-*"), ("main-logs", "main-logs")], ids=["generated", "given"]
)
def test_elsewhere_a_bucket_is_known_by_its_name_and_its_account(
    audit: cdk.Stack, elsewhere: SeenFrom, given: str | None, name: str
) -> None:
    seen = elsewhere.bucket(s3.Bucket(audit, "Logs", bucket_name=given))

    assert (partition(seen.arn, audit), seen.conditions) == (f"arn:aws:s3:::{name}", OWNED)


def test_elsewhere_a_key_is_known_by_its_alias(audit: cdk.Stack, elsewhere: SeenFrom) -> None:
    ours, of_cdk, unnamed = EncryptionKey(audit, "Ours", alias="ours"), kms.Key(audit, "Cdk"), kms.Key(audit, "Unnamed")
    of_cdk.add_alias("of-cdk")

    seen = [elsewhere.key(key) for key in (ours, of_cdk, unnamed)]

    assert {partition(each.arn, audit) for each in seen} == {"arn:aws:kms:eu-west-1:111122223333:key/*"}
    assert [each.conditions for each in seen] == [
        {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/ours"}},
        {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/of-cdk"}},
        {},
    ]


def test_what_is_imported_or_in_the_stack_of_the_policy_is_named_as_it_is(
    audit: cdk.Stack, elsewhere: SeenFrom
) -> None:
    own = kms.Key(elsewhere.policy, "Own")
    bucket = s3.Bucket.from_bucket_name(audit, "Imported", "logs")

    assert elsewhere.key(own) == Seen(arn=own.key_arn, conditions={})
    assert elsewhere.key(ExistingKey.from_arn(audit, "Existing", key_arn=ARN)) == Seen(arn=ARN, conditions={})
    assert elsewhere.bucket(bucket) == Seen(arn=bucket.bucket_arn, conditions={})


def test_a_nested_stack_is_another_one(audit: cdk.Stack) -> None:
    nested = SeenFrom(record=audit, policy=cdk.NestedStack(audit, "People"))

    assert nested.bucket(s3.Bucket(audit, "Logs", bucket_name="main-logs")).conditions == OWNED
