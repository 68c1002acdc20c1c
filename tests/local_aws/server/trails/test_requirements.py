from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.stack_operation import StackOperation, error_code
from tests.support.trail_scene import Change, TrailScene, conditioned, without

pytestmark = pytest.mark.deploy

OTHER = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/other"


@pytest.mark.parametrize(
    "change",
    [without("Checks"), without("Writes"), conditioned("Writes", "aws:SourceArn", OTHER)],
    ids=["without reading the ACL", "without writing", "for another trail"],
)
def test_refuses_a_bucket_that_does_not_admit_the_trail(scene: TrailScene, change: Change) -> None:
    scene.make_bucket(change)

    with pytest.raises(ClientError) as refused:
        scene.make_trail()

    assert error_code(refused.value) == "InsufficientS3BucketPolicyException"


@pytest.mark.parametrize(
    "change",
    [
        without("Describes"),
        without("Encrypts"),
        conditioned("Encrypts", "aws:SourceArn", OTHER),
        conditioned("Describes", "aws:SourceArn", OTHER),
    ],
    ids=["not described", "not used", "used for another trail", "described for another trail"],
)
def test_refuses_a_key_that_does_not_admit_the_trail(scene: TrailScene, change: Change) -> None:
    scene.make_bucket()

    with pytest.raises(ClientError) as refused:
        scene.make_trail(KmsKeyId=scene.make_key(change))

    assert error_code(refused.value) == "InsufficientEncryptionPolicyException"


def test_refuses_what_is_not_there_or_not_usable(scene: TrailScene) -> None:
    with pytest.raises(ClientError, match="S3BucketDoesNotExistException"):
        scene.make_trail()
    scene.make_bucket()
    kms, key = scene.client("kms"), scene.make_key()
    with pytest.raises(ClientError, match="KmsKeyNotFoundException"):
        scene.make_trail(KmsKeyId=key[:-1] + ("0" if key[-1] != "0" else "1"))
    kms.disable_key(KeyId=key)
    with pytest.raises(ClientError, match="KmsKeyDisabledException"):
        scene.make_trail(KmsKeyId=key)


def _let(scene: TrailScene, key: str, actions: list[str]) -> None:
    policy = scene.key_policy(lambda statements: statements[2].update(Action=actions))
    scene.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy)


def test_refuses_a_key_that_does_not_encrypt_and_decrypt_for_a_bucket_key(scene: TrailScene) -> None:
    scene.make_bucket()
    key = scene.make_key()
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    scene.client("s3").put_bucket_encryption(Bucket=scene.bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})

    with pytest.raises(ClientError, match="InsufficientEncryptionPolicyException"):
        scene.make_trail(KmsKeyId=key)

    for actions in (["kms:DescribeKey", "kms:Decrypt"], ["kms:DescribeKey", "kms:GenerateDataKey"]):
        _let(scene, key, actions)
        with pytest.raises(ClientError, match="InsufficientEncryptionPolicyException"):
            scene.make_trail(KmsKeyId=key)
    # Without a condition on the trail's encryption context, which the S3 Bucket Key may not have.
    _let(scene, key, ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey"])
    scene.make_trail(KmsKeyId=key)
    assert "LatestDeliveryError" not in scene.status()


@pytest.mark.parametrize(
    "options",
    [{"trusted": {"Service": "ec2.amazonaws.com"}}, {"actions": ("logs:PutLogEvents",)}],
    ids=["trusts another service", "may not create log streams"],
)
def test_refuses_a_role_that_cannot_write_the_log_events(scene: TrailScene, options: dict[str, Any]) -> None:
    scene.make_bucket()
    parameters = scene.make_log_group(*options.pop("actions", ()), **options)

    with pytest.raises(ClientError) as refused:
        scene.make_trail(**parameters)

    assert error_code(refused.value) == "InvalidCloudWatchLogsRoleArnException"


def test_refuses_a_log_group_that_is_not_there(scene: TrailScene) -> None:
    scene.make_bucket()
    parameters = scene.make_log_group()
    scene.client("logs").delete_log_group(logGroupName=scene.group)

    with pytest.raises(ClientError, match="InvalidCloudWatchLogsLogGroupArnException"):
        scene.make_trail(**parameters)


def test_cloudformation_makes_changes_and_removes_a_trail_that_is_admitted_and_no_other(
    scene: TrailScene, make_stacks: Callable[..., StackOperation]
) -> None:
    scene.make_bucket()
    stacks, client = make_stacks(), scene.client("cloudtrail")
    selectors = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    properties: dict[str, Any] = {
        "TrailName": scene.name,
        "S3BucketName": scene.bucket,
        "S3KeyPrefix": scene.prefix,
        "IsLogging": True,
        "AdvancedEventSelectors": selectors,
        "InsightSelectors": [{"InsightType": "ApiErrorRateInsight"}],
        **scene.make_log_group(),
    }
    trail = {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": properties}}

    created = stacks.create(trail, {"Arn": {"Fn::GetAtt": ["Trail", "Arn"]}})

    assert (created.status, created.outputs.get("Arn")) == ("CREATE_COMPLETE", scene.arn)
    assert client.get_trail_status(Name=scene.name)["IsLogging"]
    assert client.get_event_selectors(TrailName=scene.name)["AdvancedEventSelectors"] == selectors
    assert client.get_insight_selectors(TrailName=scene.name)["InsightSelectors"] == properties["InsightSelectors"]
    # The CDK writes an empty list where nothing is selected.
    kept = {key: properties[key] for key in ("TrailName", "S3BucketName", "S3KeyPrefix")}
    changed = {"Trail": {**trail["Trail"], "Properties": {**kept, "IsLogging": False, "EventSelectors": []}}}
    assert stacks.update(created.name, changed).status == "UPDATE_COMPLETE"
    assert not client.get_trail_status(Name=scene.name)["IsLogging"]
    assert "EventSelectors" in client.get_event_selectors(TrailName=scene.name)
    refused = stacks.update(created.name, {"Trail": {**trail["Trail"], "Properties": {**kept, "S3KeyPrefix": "other"}}})
    assert any("Incorrect S3 bucket policy is detected" in each for each in refused.failures)
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"
    assert client.list_trails()["Trails"] == []
