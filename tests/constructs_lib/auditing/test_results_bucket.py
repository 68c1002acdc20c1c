from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.results_bucket import results_bucket
from tests.support.synthesised import resources, template_of, written

MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit")


def buckets(stack: cdk.Stack, access_logs: s3.IBucket | None, kept_days: int) -> dict[str, Any]:
    """Define the bucket and return all buckets by the beginning of their logical ids."""
    results_bucket(stack, encryption_key=kms.Key(stack, "Key"), access_logs=access_logs, kept_days=kept_days)
    found = resources(template_of(stack), "AWS::S3::Bucket").items()
    return {name[:-8]: {**written(each.get("Properties", {})), "Kept": each["DeletionPolicy"]} for name, each in found}


def test_results_are_encrypted_kept_from_everybody_and_forgotten(stack: cdk.Stack) -> None:
    results = buckets(stack, None, 7)["Results"]

    (encryption,) = results["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["BucketKeyEnabled"] is True
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"].startswith("${Key")
    assert all(results["PublicAccessBlockConfiguration"].values())
    assert results["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert results["VersioningConfiguration"] == {"Status": "Enabled"}
    assert results["LifecycleConfiguration"]["Rules"] == [
        {
            "Id": "Results",
            "Status": "Enabled",
            "ExpirationInDays": 7,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    ]
    assert results["Kept"] == "RetainExceptOnCreate"


def test_nobody_gets_at_results_without_tls(stack: cdk.Stack) -> None:
    buckets(stack, None, 7)

    (policy,) = (
        each["Properties"]["PolicyDocument"]["Statement"]
        for name, each in resources(template_of(stack), "AWS::S3::BucketPolicy").items()
        if name.startswith("Results")
    )
    (denied,) = (each for each in policy if each["Effect"] == "Deny")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (denied["Action"], denied["Principal"]) == ("s3:*", {"AWS": "*"})


@pytest.mark.parametrize(("kept_days", "logs_kept_days"), [(7, 365), (400, 400)])
def test_who_read_results_is_known_for_longer(stack: cdk.Stack, kept_days: int, logs_kept_days: int) -> None:
    found = buckets(stack, None, kept_days)

    (rule,) = found["AccessLogs"]["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == logs_kept_days
    assert found["Results"]["LoggingConfiguration"]["DestinationBucketName"].startswith("${AccessLogs")


def test_access_is_logged_where_it_was_said(stack: cdk.Stack) -> None:
    found = buckets(stack, s3.Bucket(stack, "Given"), 7)

    assert set(found) == {"Results", "Given"}
    assert found["Results"]["LoggingConfiguration"]["DestinationBucketName"].startswith("${Given")
