import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.iam_statement import allow
from tests.support.secret_rotation_scene import SecretRotationScene
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
GENERATOR = {"PasswordLength": 24, "ExcludePunctuation": True}
SECRET = "AWS::SecretsManager::Secret"


def _secret(**properties: Any) -> dict[str, Any]:
    return {"Secret": {"Type": SECRET, "Properties": properties}}


def _pinned(handle: str, **generator: Any) -> dict[str, Any]:
    """Hold a secret together with a condition that cannot be updated."""
    condition = {"Handle": {"Ref": handle}, "Timeout": "1", "Count": 0}
    return {
        handle: {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Pin": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": condition},
        "Secret": {
            "Type": SECRET,
            "Properties": {"GenerateSecretString": {**GENERATOR, **generator}},
            "DependsOn": ["Pin"],
        },
    }


@pytest.fixture
def client(aws: LocalAws) -> Any:
    return aws.session().client("secretsmanager")


def _value(client: Any, arn: str) -> str:
    return str(client.get_secret_value(SecretId=arn)["SecretString"])


def test_a_secret_is_drawn_as_its_template_says(make_stacks: Stacks, client: Any) -> None:
    fields = {"SecretStringTemplate": json.dumps({"user": "shop"}), "GenerateStringKey": "password"}
    outputs = {"Text": {"Ref": "Text"}, "Json": {"Ref": "Json"}, "Empty": {"Ref": "Empty"}}
    created = make_stacks().create(
        {
            "Text": _secret(GenerateSecretString=GENERATOR)["Secret"],
            "Json": _secret(GenerateSecretString={**GENERATOR, **fields})["Secret"],
            "Empty": _secret()["Secret"],
        },
        outputs,
    )

    text, drawn = _value(client, created.outputs["Text"]), json.loads(_value(client, created.outputs["Json"]))
    assert (len(text), text.isalnum(), drawn["user"], len(drawn["password"])) == (24, True, "shop", 24)
    assert client.describe_secret(SecretId=created.outputs["Empty"])["VersionIdsToStages"] == {}


def test_a_changed_generator_draws_anew_unless_something_before_it_cannot_be_updated(
    make_stacks: Stacks, client: Any
) -> None:
    stacks, outputs = make_stacks(), {"Arn": {"Ref": "Secret"}}
    loose = stacks.create(_secret(GenerateSecretString=GENERATOR), outputs)
    pinned = stacks.create(_pinned("HandleOne"), outputs)
    before = {each.name: _value(client, each.outputs["Arn"]) for each in (loose, pinned)}

    redrawn = stacks.update(loose.name, _secret(GenerateSecretString={**GENERATOR, "PasswordLength": 30}), outputs)
    refused = stacks.update(pinned.name, _pinned("HandleTwo", PasswordLength=30), outputs)

    assert (pinned.status, redrawn.status) == ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert _value(client, redrawn.outputs["Arn"]) != before[loose.name]
    assert refused.status == "UPDATE_ROLLBACK_COMPLETE"
    assert "Update to resource type AWS::CloudFormation::WaitCondition is not supported" in refused.failures[-1]
    assert _value(client, pinned.outputs["Arn"]) == before[pinned.name]


def test_a_deleted_secret_is_gone_at_once_and_a_kept_one_keeps_its_name_and_comes_back(
    make_stacks: Stacks, client: Any
) -> None:
    stacks, outputs = make_stacks(), {"Arn": {"Ref": "Secret"}}
    created = stacks.create(_secret(Name="of-a-stack", SecretString="s"), outputs)
    stacks.delete(created.name)
    kept = _secret(Name="of-a-stack", SecretString="s")
    kept["Secret"]["DeletionPolicy"] = "Retain"
    created = stacks.create(kept, outputs)
    stacks.delete(created.name)

    again = stacks.create(_secret(Name="of-a-stack", SecretString="s"))
    back = stacks.take_back(kept, {"Secret": {"Id": created.outputs["Arn"]}})
    client.delete_secret(SecretId="of-a-stack", RecoveryWindowInDays=7)
    waiting = stacks.create(_secret(Name="of-a-stack", SecretString="s"))

    assert "the secret of-a-stack already exists" in again.failures[0]
    assert "HandlerErrorCode: AlreadyExists" in again.failures[0]
    assert (back.status, back.failures) == ("IMPORT_COMPLETE", ())
    assert "a secret with this name is already scheduled for deletion" in waiting.failures[0]


def test_a_secret_is_renamed_by_making_another_and_replicated_without_being_made_anew(
    make_stacks: Stacks, client: Any
) -> None:
    stacks, outputs = make_stacks(), {"Arn": {"Ref": "Secret"}}
    created = stacks.create(_secret(Name="first-name", SecretString="s"), outputs)
    replicas = [{"Region": "eu-west-1"}]

    replicated = stacks.update(
        created.name, _secret(Name="first-name", SecretString="s", ReplicaRegions=replicas), outputs
    )
    (status,) = client.describe_secret(SecretId="first-name")["ReplicationStatus"]
    renamed = stacks.update(created.name, _secret(Name="second-name", SecretString="s"), outputs)

    assert (replicated.outputs, status["Region"]) == (created.outputs, "eu-west-1")
    assert ":secret:second-name-" in renamed.outputs["Arn"]
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_secret(SecretId="first-name")
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"


def test_a_secret_has_a_policy_and_a_schedule_that_rotates_it_at_once(
    aws: LocalAws, make_stacks: Stacks, make_role: Callable[..., str], account_root: str, client: Any
) -> None:
    scene, stacks = SecretRotationScene(aws, make_role), make_stacks()
    scene.admit(SourceAccount=aws.account)
    deny = {"Effect": "Deny", "Principal": {"AWS": account_root}, "Action": "secretsmanager:TagResource"}
    policy = {"Version": "2012-10-17", "Statement": [{**deny, "Resource": "*"}]}
    rules = {"AutomaticallyAfterDays": 7}
    rotation = {"SecretId": {"Ref": "Secret"}, "RotationLambdaARN": scene.function_arn, "RotationRules": rules}
    of_secret = {"SecretId": {"Ref": "Secret"}, "ResourcePolicy": policy, "BlockPublicPolicy": True}
    resources = {
        **_secret(SecretString="s"),
        "Policy": {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": of_secret},
        "Rotation": {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": rotation},
    }

    created = stacks.create(resources, {"Arn": {"Ref": "Secret"}})

    arn = created.outputs["Arn"]
    events = scene.events(arn, "RotationSucceeded")
    assert [each["eventName"] for each in events] == ["RotationStarted", "RotationSucceeded"]
    assert json.loads(client.get_resource_policy(SecretId=arn)["ResourcePolicy"]) == policy
    with pytest.raises(client.exceptions.ClientError, match="explicit deny"):
        client.tag_resource(SecretId=arn, Tags=[{"Key": "a", "Value": "b"}])
    del resources["Rotation"]
    assert stacks.update(created.name, resources).status == "UPDATE_COMPLETE"
    assert client.describe_secret(SecretId=arn)["RotationEnabled"] is False
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("resource_type", "properties", "text"),
    [
        (
            "RotationSchedule",
            {"HostedRotationLambda": {"RotationType": "MySQLSingleUser"}},
            "needs the transform AWS::SecretsManager-2024-09-16",
        ),
        (
            "ResourcePolicy",
            {
                "BlockPublicPolicy": True,
                "ResourcePolicy": {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "secretsmanager:GetSecretValue",
                        "Resource": "*",
                    },
                },
            },
            "BlockPublicPolicy parameter is set to true",
        ),
    ],
)
def test_refuses_what_it_does_not_have_and_what_is_public(
    make_stacks: Stacks, resource_type: str, properties: dict[str, Any], text: str
) -> None:
    refused = {
        "Type": f"AWS::SecretsManager::{resource_type}",
        "Properties": {"SecretId": {"Ref": "Secret"}, **properties},
    }

    created = make_stacks().create({**_secret(SecretString="s"), "Refused": refused})

    assert created.status == "ROLLBACK_COMPLETE"
    assert text in created.failures[0]


def _read_by_nobody(condition: dict[str, Any], **properties: Any) -> dict[str, Any]:
    by_force = {"Bool": {"secretsmanager:ForceDeleteWithoutRecovery": "false"}}
    denied = (("GetSecretValue", condition), ("DeleteSecret", by_force))
    statements = [
        {"Effect": "Deny", "Principal": "*", "Action": f"secretsmanager:{action}", "Resource": "*", "Condition": found}
        for action, found in denied
    ]
    policy = {"Version": "2012-10-17", "Statement": statements}
    of_secret = {"SecretId": {"Ref": "Secret"}, "ResourcePolicy": policy}
    return {
        **_secret(GenerateSecretString=GENERATOR, **properties),
        "Policy": {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": of_secret},
    }


BY_NAME = {"StringNotLike": {"aws:userid": "*:AWSCloudFormation"}}
BY_SERVICE = {"StringNotEquals": {"aws:CalledViaLast": "cloudformation.amazonaws.com"}}


@pytest.mark.parametrize("is_role", [True, False])
def test_cloudformation_is_known_by_its_session_or_by_whom_it_asks_for(
    aws: LocalAws, make_stacks: Stacks, client: Any, *, is_role: bool
) -> None:
    stacks = make_stacks(allow("secretsmanager:*")) if is_role else StackOperation(aws.session())
    condition = BY_NAME if is_role else BY_SERVICE
    created = stacks.create(_read_by_nobody(condition), {"Arn": {"Ref": "Secret"}})

    updated = stacks.update(created.name, _read_by_nobody(condition, Description="changed"))

    assert updated.status == "UPDATE_COMPLETE", updated.failures
    with pytest.raises(client.exceptions.ClientError, match=r"GetSecretValue .*explicit deny"):
        _value(client, created.outputs["Arn"])
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"


@pytest.mark.parametrize("is_role", [True, False])
def test_refuses_an_update_of_a_secret_whose_policy_lets_cloudformation_not_read(
    aws: LocalAws, make_stacks: Stacks, *, is_role: bool
) -> None:
    stacks = make_stacks(allow("secretsmanager:*")) if is_role else StackOperation(aws.session())
    condition = BY_SERVICE if is_role else BY_NAME
    created = stacks.create(_read_by_nobody(condition))

    updated = stacks.update(created.name, _read_by_nobody(condition, Description="changed"))

    assert updated.status != "UPDATE_COMPLETE"
    assert "not authorized to perform: secretsmanager:GetSecretValue" in str(updated.failures)
    stacks.delete(created.name)
