"""The bucket of a record."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from constructs_lib.auditing.encrypted_bucket import encrypted_bucket


def _template(app: cdk.App, **settings: Any) -> Template:
    stack = cdk.Stack(app, "Audit")
    encrypted_bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"), lifecycle_rules=[], **settings)
    return Template.from_stack(stack)


def test_it_is_encrypted_with_a_bucket_key_versioned_owned_and_closed(make_app: Callable[..., cdk.App]) -> None:
    (bucket,) = _template(make_app()).find_resources("AWS::S3::Bucket").values()

    (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["Properties"]["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert "ObjectLockEnabled" not in bucket["Properties"]


def test_it_is_reached_over_tls_alone(make_app: Callable[..., cdk.App]) -> None:
    (policy,) = _template(make_app()).find_resources("AWS::S3::BucketPolicy").values()

    (denied,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (denied["Effect"], denied["Action"]) == ("Deny", "s3:*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_it_locks_objects_where_that_is_asked_for(make_app: Callable[..., cdk.App]) -> None:
    locked = s3.ObjectLockRetention.compliance(cdk.Duration.days(30))

    (bucket,) = _template(make_app(), locked_for=locked).find_resources("AWS::S3::Bucket").values()

    assert bucket["Properties"]["ObjectLockEnabled"] is True
    retention = bucket["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention == {"Days": 30, "Mode": "COMPLIANCE"}
