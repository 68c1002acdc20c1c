"""Managed secrets on the embedded AWS: deployed by their least policy, read by their readers, and rotated."""

import json
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from constructs_lib import Generated, Supplied
from local_aws import LocalAws
from tests.support.deployed_assembly import deploy_assembly
from tests.support.secrets_app import drawn_template, secrets_app
from tests.support.session_assets import SessionAssets
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

KNOWN = "a-value-that-only-this-test-knows"


class Deployed:
    """The app on an embedded AWS of its own."""

    def __init__(self, aws: LocalAws, folder: Path, session_assets: SessionAssets) -> None:
        self.aws, self.folder = aws, folder
        with session_assets.for_app(folder / "first"):
            assembly = secrets_app(folder / "first")
        outputs = deploy_assembly(aws, assembly)
        self.place, self.drawn = outputs["Secrets"], outputs["Drawn"]
        name = f"cdk-hnb659fds-cfn-exec-role-{aws.account}-{aws.region}"
        self.deployer = f"arn:aws:iam::{aws.account}:role/{name}"
        self.as_ = cache(self._as)

    def _as(self, person: str) -> Any:
        """Return a person's client of Secrets Manager."""
        return self.client(self.place[f"{person}Arn"])

    def client(self, role: str) -> Any:
        return self.aws.session(self.aws.assume(role)).client("secretsmanager")

    def records(self) -> list[dict[str, Any]]:
        """Return what is on record, the oldest first."""
        pages = self.aws.session().client("cloudtrail").get_paginator("lookup_events").paginate()
        return [json.loads(each["CloudTrailEvent"]) for page in pages for each in page["Events"]][::-1]

    def told(self, arn: str) -> list[str]:
        """Return the names of what Secrets Manager said of a secret by itself."""
        events = [each for each in self.records() if each["eventType"] == "AwsServiceEvent"]
        return [each["eventName"] for each in events if each["additionalEventData"] == {"SecretId": arn}]

    def wait_for_rotations(self, arn: str, number: int) -> None:
        deadline = time.monotonic() + 30
        while self.told(arn).count("RotationSucceeded") < number:
            assert "RotationFailed" not in self.told(arn), self.aws.log
            assert time.monotonic() < deadline, self.told(arn)
            time.sleep(0.1)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, session_assets: SessionAssets) -> Iterator[Deployed]:
    with LocalAws() as aws:
        yield Deployed(aws, tmp_path_factory.mktemp("secrets"), session_assets)


def _value(client: Any, arn: str, **version: str) -> str:
    return str(client.get_secret_value(SecretId=arn, **version)["SecretString"])


def test_the_function_rotates_a_secret_when_it_is_deployed_and_when_its_administrator_asks(deployed: Deployed) -> None:
    arn, reader = deployed.place["RotatedArn"], deployed.as_("Reader")
    deployed.wait_for_rotations(arn, 1)
    values = [_value(reader, arn, VersionStage="AWSPREVIOUS"), _value(reader, arn)]

    deployed.as_("Administrator").rotate_secret(SecretId=arn)
    deployed.wait_for_rotations(arn, 2)

    values.append(_value(reader, arn))
    assert _value(reader, arn, VersionStage="AWSPREVIOUS") == values[1]
    assert [len(set(values)), {len(each) for each in values}] == [3, {48}]
    described = reader.describe_secret(SecretId=arn)
    assert sorted(described["VersionIdsToStages"].values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]
    assert (described["NextRotationDate"] - described["LastRotatedDate"]).days == 30


def test_who_writes_does_not_read_and_who_reads_does_not_write(deployed: Deployed) -> None:
    arn, reader, writer = deployed.place["WrittenArn"], deployed.as_("Reader"), deployed.as_("Writer")

    writer.put_secret_value(SecretId=arn, SecretString=KNOWN)

    assert _value(reader, arn) == KNOWN
    with pytest.raises(ClientError, match=r"GetSecretValue .*explicit deny in a resource-based policy"):
        writer.get_secret_value(SecretId=arn)
    with pytest.raises(ClientError, match=r"PutSecretValue .*explicit deny in a resource-based policy"):
        reader.put_secret_value(SecretId=arn, SecretString="another")
    batch = writer.batch_get_secret_value(SecretIdList=[arn])
    assert (batch["SecretValues"], batch["Errors"][0]["ErrorCode"]) == ([], "AccessDeniedException")


@pytest.mark.parametrize("person", ["Stranger", "KeyAdministrator", "Administrator", "the deployer", "the account"])
@pytest.mark.parametrize("secret", ["RotatedArn", "WrittenArn"])
def test_refuses_everybody_else_who_reads(deployed: Deployed, person: str, secret: str) -> None:
    arn = deployed.place[secret]
    if person == "the account":
        client: Any = deployed.aws.session().client("secretsmanager")
    else:
        client = deployed.client(deployed.deployer) if person == "the deployer" else deployed.as_(person)

    with pytest.raises(ClientError, match=r"GetSecretValue .*explicit deny in a resource-based policy"):
        client.get_secret_value(SecretId=arn)


@pytest.mark.parametrize("person", ["Reader", "Writer", "Stranger", "KeyAdministrator"])
def test_refuses_everybody_who_takes_a_secret_away(deployed: Deployed, person: str) -> None:
    arn, client = deployed.place["WrittenArn"], deployed.as_(person)

    for take in (client.delete_secret, client.delete_resource_policy):
        with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
            take(SecretId=arn)


def test_refuses_an_administrator_who_would_read_the_next_value(deployed: Deployed) -> None:
    arn, administrator = deployed.place["WrittenArn"], deployed.as_("Administrator")

    for take, said in (
        (administrator.update_secret, {"KmsKeyId": "alias/aws/secretsmanager"}),
        (administrator.put_resource_policy, {"ResourcePolicy": json.dumps({"Version": "2012-10-17", "Statement": []})}),
        (administrator.delete_resource_policy, {}),
        (administrator.replicate_secret_to_regions, {"AddReplicaRegions": [{"Region": "us-east-1"}]}),
    ):
        with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
            take(SecretId=arn, **said)


def test_an_administrator_deletes_a_secret_only_with_time_to_recover_it(deployed: Deployed) -> None:
    arn, administrator = deployed.place["WrittenArn"], deployed.as_("Administrator")

    with pytest.raises(ClientError, match=r"DeleteSecret .*explicit deny in a resource-based policy"):
        administrator.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    administrator.delete_secret(SecretId=arn, RecoveryWindowInDays=7)
    administrator.restore_secret(SecretId=arn)

    assert "DeletedDate" not in administrator.describe_secret(SecretId=arn)


def _parts(template: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, Any]]:
    outputs = {name: each["Value"] for name, each in template["Outputs"].items()}
    return template["Resources"], outputs


def test_another_generator_is_refused_and_the_value_stays_until_its_generation_says_otherwise(
    deployed: Deployed, tmp_path: Path
) -> None:
    arn, stacks = deployed.drawn["SecretArn"], StackOperation(deployed.aws.session())
    reader = deployed.client(deployed.drawn["ReaderArn"])
    value = _value(reader, arn)

    refused = stacks.update("Drawn", *_parts(drawn_template(tmp_path / "longer", Generated.text(length=64))))
    kept = _value(reader, arn)
    again = stacks.update("Drawn", *_parts(drawn_template(tmp_path / "anew", Generated.text(length=64, generation=2))))

    assert refused.status == "UPDATE_ROLLBACK_COMPLETE"
    assert "Update to resource type AWS::CloudFormation::WaitCondition is not supported" in str(refused.failures)
    assert kept == value
    assert (again.status, again.outputs) == ("UPDATE_COMPLETE", deployed.drawn)
    assert (len(_value(reader, arn)), _value(reader, arn, VersionStage="AWSPREVIOUS")) == (64, value)


def test_refuses_to_draw_over_a_value_that_somebody_put(deployed: Deployed, tmp_path: Path) -> None:
    arn, stacks = deployed.drawn["SecretArn"], StackOperation(deployed.aws.session())
    reader = deployed.client(deployed.drawn["ReaderArn"])
    value = _value(reader, arn)

    put = stacks.update("Drawn", *_parts(drawn_template(tmp_path / "put", Supplied.text(generation=3))))
    refused = stacks.update("Drawn", *_parts(drawn_template(tmp_path / "drawn", Generated.text(generation=3))))

    assert (put.status, refused.status) == ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
    assert "Update to resource type AWS::CloudFormation::WaitCondition is not supported" in str(refused.failures)
    assert _value(reader, arn) == value


@pytest.mark.parametrize("is_rolled_back", [False, True])
def test_another_description_and_tag_are_deployed_and_rolled_back_though_the_deployer_reads_nothing(
    deployed: Deployed, *, is_rolled_back: bool
) -> None:
    session, arn = deployed.aws.session(), deployed.drawn["SecretArn"]
    stacks = StackOperation(session)
    resources, outputs = _parts(session.client("cloudformation").get_template(StackName="Drawn")["TemplateBody"])
    (secret,) = (name for name, each in resources.items() if each["Type"] == "AWS::SecretsManager::Secret")
    said = f"for orders, {is_rolled_back}"
    changes = {"Description": said, "Tags": [{"Key": "team", "Value": said}]}
    refused = {"Type": "AWS::SecretsManager::Secret", "DependsOn": secret, "Properties": {"KmsKeyId": "alias/none"}}
    changed = {**resources, secret: {**resources[secret], "Properties": {**resources[secret]["Properties"], **changes}}}
    reader = deployed.client(deployed.drawn["ReaderArn"])
    before = (reader.describe_secret(SecretId=arn), _value(reader, arn))

    updated = stacks.update("Drawn", {**changed, **({"Refused": refused} if is_rolled_back else {})}, outputs)

    after = reader.describe_secret(SecretId=arn)
    tags = {each["Key"]: each["Value"] for each in after["Tags"]}
    assert _value(reader, arn) == before[1]
    if is_rolled_back:
        assert (updated.status, updated.failures[0].split(":")[0]) == ("UPDATE_ROLLBACK_COMPLETE", "Refused")
        assert (after.get("Description"), after["Tags"]) == (before[0].get("Description"), before[0]["Tags"])
    else:
        assert (updated.status, after["Description"], tags["team"]) == ("UPDATE_COMPLETE", said, said)


def test_what_is_destroyed_is_kept_and_can_be_deployed_again(deployed: Deployed, tmp_path: Path) -> None:
    stacks = StackOperation(deployed.aws.session(), deployed.deployer)
    resources, outputs = _parts(drawn_template(tmp_path / "again", Generated.text()))

    destroyed = stacks.delete("Drawn")
    again = stacks.create(resources, outputs, name="Drawn")

    assert (destroyed.status, again.status, again.failures) == ("DELETE_COMPLETE", "CREATE_COMPLETE", ())
    old, new = deployed.drawn["SecretArn"], again.outputs["SecretArn"]
    client = deployed.client(again.outputs["ReaderArn"])
    assert (old != new, len(_value(client, new))) == (True, 48)
    kept: Any = deployed.aws.session().client("secretsmanager").describe_secret(SecretId=old)
    assert "DeletedDate" not in kept


def test_a_name_that_was_given_stays_taken_and_the_deployment_says_how(deployed: Deployed, tmp_path: Path) -> None:
    stacks = StackOperation(deployed.aws.session(), deployed.deployer)
    template = drawn_template(tmp_path / "named", Generated.text(), secret_name="orders/token")
    resources, outputs = _parts(template)
    # The least policy of the execution role allows what the app deployed, which was a secret of another name.
    named = {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "arn:aws:secretsmanager:*:*:secret:orders/*"}
    deployed.aws.session().client("iam").put_role_policy(
        RoleName=deployed.deployer.rpartition("/")[2],
        PolicyName="Named",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [named]}),
    )
    stacks.delete("Drawn")
    first = stacks.create(resources, outputs, name="Drawn")
    stacks.delete("Drawn")

    while_it_is_kept = stacks.create(resources, outputs, name="Drawn")
    stacks.delete("Drawn")
    secret = first.outputs["SecretArn"]
    deployed.client(deployed.deployer).delete_secret(SecretId=secret, RecoveryWindowInDays=7)
    while_it_waits = stacks.create(resources, outputs, name="Drawn")

    assert (first.status, while_it_is_kept.status) == ("CREATE_COMPLETE", "ROLLBACK_COMPLETE")
    (kept,), (waiting,) = while_it_is_kept.failures, while_it_waits.failures
    assert "the secret orders/token already exists" in kept
    assert "a secret with this name is already scheduled for deletion" in waiting


def test_no_value_is_in_a_template_an_event_a_log_or_the_record(deployed: Deployed) -> None:
    arn, reader = deployed.place["RotatedArn"], deployed.as_("Reader")
    deployed.wait_for_rotations(arn, 1)
    deployed.as_("Writer").put_secret_value(SecretId=deployed.place["WrittenArn"], SecretString=KNOWN)
    values = [KNOWN, *(_value(reader, arn, VersionStage=stage) for stage in ("AWSCURRENT", "AWSPREVIOUS"))]
    session = deployed.aws.session()
    cloudformation, logs = session.client("cloudformation"), session.client("logs")

    lines = [each["message"] for each in logs.filter_log_events(logGroupName=deployed.place["LogGroupName"])["events"]]
    records = deployed.records()
    shown = [
        lines,
        records,
        cloudformation.get_template(StackName="Secrets"),
        cloudformation.describe_stack_events(StackName="Secrets"),
        cloudformation.describe_stacks(StackName="Secrets"),
        [path.read_text() for path in deployed.folder.rglob("*.json")],
        deployed.aws.log,
    ]

    assert any("finishSecret" in line for line in lines)
    assert {"PutSecretValue", "GetSecretValue", "RotationSucceeded"} <= {each["eventName"] for each in records}
    assert [value for value in values if value in str(shown)] == []
