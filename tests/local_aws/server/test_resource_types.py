import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]


def test_a_replica_decrypts_what_its_primary_encrypted(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Callable[..., dict[str, Any]], account_root: str
) -> None:
    use = {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": "kms:*", "Resource": "*"}
    policy = make_key_policy(use)
    west = aws.session().client("kms", region_name="us-west-2")
    primary = west.create_key(MultiRegion=True, Policy=json.dumps(policy))["KeyMetadata"]
    sealed = west.encrypt(KeyId=primary["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    properties = {"PrimaryKeyArn": primary["Arn"], "KeyPolicy": policy}

    created = make_stacks().create({"Replica": {"Type": "AWS::KMS::ReplicaKey", "Properties": properties}})

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())
    opened = aws.session().client("kms").decrypt(CiphertextBlob=sealed, KeyId=primary["KeyId"])
    assert opened["Plaintext"] == b"secret"


def test_an_archive_is_made_changed_and_goes(aws: LocalAws, make_stacks: Stacks) -> None:
    stacks, events = make_stacks(), aws.session().client("events")
    bus = f"arn:aws:events:{aws.region}:{aws.account}:event-bus/default"
    properties = {"ArchiveName": "kept", "SourceArn": bus, "EventPattern": {"source": ["orders"]}, "RetentionDays": 7}

    def archive(**changed: Any) -> dict[str, Any]:
        return {"Archive": {"Type": "AWS::Events::Archive", "Properties": {**properties, **changed}}}

    created = stacks.create(archive(KmsKeyIdentifier="alias/aws/events"), {"Arn": {"Fn::GetAtt": ["Archive", "Arn"]}})

    assert created.outputs["Arn"].endswith(":archive/kept")
    described = events.describe_archive(ArchiveName="kept")
    assert json.loads(described["EventPattern"]) == properties["EventPattern"]
    assert described["KmsKeyIdentifier"] == "alias/aws/events"
    assert stacks.update(created.name, archive(RetentionDays=9)).status == "UPDATE_COMPLETE"
    described = events.describe_archive(ArchiveName="kept")
    assert (described["RetentionDays"], "KmsKeyIdentifier" in described) == (9, False)
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"
    assert events.list_archives(NamePrefix="kept")["Archives"] == []


def test_a_volume_is_made_grows_and_goes(aws: LocalAws, make_stacks: Stacks) -> None:
    stacks, ec2 = make_stacks(), aws.session().client("ec2")

    def volume(size: int) -> dict[str, Any]:
        properties = {"AvailabilityZone": f"{aws.region}a", "Size": size, "VolumeType": "gp3", "Encrypted": True}
        return {"Volume": {"Type": "AWS::EC2::Volume", "Properties": properties}}

    created = stacks.create(volume(1), {"Id": {"Ref": "Volume"}})

    (described,) = ec2.describe_volumes(VolumeIds=[created.outputs["Id"]])["Volumes"]
    assert (described["Size"], described["VolumeType"], described["Encrypted"]) == (1, "gp3", True)
    assert stacks.update(created.name, volume(2)).status == "UPDATE_COMPLETE"
    assert ec2.describe_volumes(VolumeIds=[created.outputs["Id"]])["Volumes"][0]["Size"] == 2
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="does not exist"):
        ec2.describe_volumes(VolumeIds=[created.outputs["Id"]])
