import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
Policy = Callable[..., dict[str, Any]]
KEY_ADMINISTRATION = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
SECRETS = {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}
THROUGH_SECRETS_MANAGER = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"}}
USE = {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*"}


def _key(policy: dict[str, Any]) -> dict[str, Any]:
    return {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy, "EnableKeyRotation": True}}}


def _secret(key: object) -> dict[str, Any]:
    properties = {"KmsKeyId": key, "SecretString": "s"}
    return {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": properties}}


def _allow(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def _deny(*actions: str) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": "*"}


def test_a_resource_is_created_with_the_permissions_of_the_execution_role(
    make_stacks: Stacks, make_key_policy: Policy
) -> None:
    created = make_stacks(KEY_ADMINISTRATION).create(_key(make_key_policy()))

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())


@pytest.mark.parametrize("missing", ["kms:CreateKey", "kms:DescribeKey", "kms:EnableKeyRotation"])
def test_refuses_a_resource_when_the_execution_role_lacks_a_permission(
    make_stacks: Stacks, make_key_policy: Policy, missing: str
) -> None:
    created = make_stacks(KEY_ADMINISTRATION, _deny(missing)).create(_key(make_key_policy()))

    assert created.status == "ROLLBACK_COMPLETE"
    assert f"is not authorized to perform: {missing} on resource: " in created.failures[0]
    assert "/AWSCloudFormation is not authorized" in created.failures[0]
    assert "HandlerErrorCode: AccessDenied" in created.failures[0]


def test_refuses_a_key_whose_own_policy_does_not_let_the_execution_role_finish_it(
    make_stacks: Stacks, make_key_policy: Policy
) -> None:
    policy = make_key_policy()
    policy["Statement"][0]["Action"].remove("kms:EnableKeyRotation")

    created = make_stacks(KEY_ADMINISTRATION).create(_key(policy))

    assert "because no resource-based policy allows the kms:EnableKeyRotation action" in created.failures[0]


def test_a_key_that_is_not_rotated_needs_no_permission_for_it(make_stacks: Stacks, make_key_policy: Policy) -> None:
    rotation = ("kms:DisableKeyRotation", "kms:EnableKeyRotation")
    key = _key(make_key_policy())
    del key["Key"]["Properties"]["EnableKeyRotation"]  # asymmetric keys and MAC keys have none

    created = make_stacks(KEY_ADMINISTRATION, _deny(*rotation)).create(key)

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())


def test_refuses_beyond_the_boundary_of_the_execution_role(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    stacks = make_stacks(KEY_ADMINISTRATION)
    iam = aws.session().client("iam")
    role_name = str(stacks.role_arn).rsplit("/", 1)[1]
    document = json.dumps({"Version": "2012-10-17", "Statement": _allow("kms:DescribeKey")})
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=role_name, PermissionsBoundary=boundary)

    created = stacks.create(_key(make_key_policy()))

    assert "kms:CreateKey" in created.failures[0]


def test_refuses_an_update_and_goes_back_to_what_was_there(make_stacks: Stacks, make_key_policy: Policy) -> None:
    stacks = make_stacks(KEY_ADMINISTRATION, _deny("kms:UpdateKeyDescription"))
    resources = _key(make_key_policy())
    created = stacks.create(resources)
    resources["Key"]["Properties"]["Description"] = "changed"

    updated = stacks.update(created.name, resources)

    assert updated.status == "UPDATE_ROLLBACK_COMPLETE"
    assert "kms:UpdateKeyDescription" in updated.failures[0]


def test_refuses_a_deletion_and_keeps_the_resource(make_stacks: Stacks, make_key_policy: Policy) -> None:
    stacks = make_stacks(KEY_ADMINISTRATION, _deny("kms:ScheduleKeyDeletion"))
    created = stacks.create(_key(make_key_policy()))

    deleted = stacks.delete(created.name)

    assert deleted.status == "DELETE_FAILED"
    assert "kms:ScheduleKeyDeletion" in deleted.failures[0]


def test_a_key_may_be_used_for_the_execution_role_through_the_service_that_it_admits(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy
) -> None:
    stacks = make_stacks(KEY_ADMINISTRATION, SECRETS)
    deployers = {
        **USE,
        "Sid": "Deployers",
        "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"},
        "Condition": {**THROUGH_SECRETS_MANAGER, "ArnEquals": {"aws:PrincipalArn": stacks.role_arn}},
    }

    created = stacks.create(_key(make_key_policy(deployers)) | _secret({"Fn::GetAtt": ["Key", "Arn"]}))

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}},
        {**THROUGH_SECRETS_MANAGER, "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/other"}},
    ],
)
@pytest.mark.parametrize("reference", ["arn", "id", "alias"])
def test_refuses_a_secret_whose_key_does_not_admit_the_execution_role_through_the_service(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Policy, condition: dict[str, Any], reference: str
) -> None:
    deployers = {**USE, "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"}, "Condition": condition}
    kms = aws.session().client("kms")
    key = kms.create_key(Policy=json.dumps(make_key_policy(deployers)))["KeyMetadata"]
    alias = f"alias/{key['KeyId']}"
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    name = {"arn": key["Arn"], "id": key["KeyId"], "alias": alias}[reference]

    created = make_stacks(KEY_ADMINISTRATION, SECRETS).create(_secret(name))

    assert created.status == "ROLLBACK_COMPLETE"
    assert "is not authorized to perform: kms:Decrypt" in created.failures[0]
    assert f"{key['Arn']} because no resource-based policy allows" in created.failures[0]


def test_refuses_a_role_of_another_service(aws: LocalAws, make_role: Callable[..., str]) -> None:
    stacks = StackOperation(aws.session(), make_role(KEY_ADMINISTRATION, service="lambda.amazonaws.com"))

    with pytest.raises(ClientError, match="is invalid or cannot be assumed"):
        stacks.create({})


def test_refuses_a_role_that_the_caller_may_not_pass(
    aws: LocalAws, make_role: Callable[..., str], make_stacks: Stacks, make_key_policy: Policy
) -> None:
    caller = make_role(_allow("cloudformation:*"))
    stacks = StackOperation(aws.session(aws.assume(caller)), make_stacks().role_arn)

    with pytest.raises(ClientError, match="not authorized to perform: iam:PassRole"):
        stacks.create(_key(make_key_policy()))


def test_the_caller_is_decided_for_when_there_is_no_execution_role(
    aws: LocalAws, make_role: Callable[..., str], make_key_policy: Policy
) -> None:
    caller = aws.session(aws.assume(make_role(_allow("cloudformation:*"))))

    created = StackOperation(caller).create(_key(make_key_policy()))

    assert created.status == "ROLLBACK_COMPLETE"
    assert "is not authorized to perform: kms:CreateKey" in created.failures[0]


def test_refuses_a_parameter_that_the_execution_role_may_not_read(aws: LocalAws, make_stacks: Stacks) -> None:
    aws.session().client("ssm").put_parameter(Name="/demo/version", Value="33", Type="String")
    parameters = {"Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/demo/version"}}
    template = json.dumps({"Parameters": parameters, "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    client = aws.session().client("cloudformation")
    may, may_not = make_stacks(_allow("ssm:GetParameters", "sns:*")), make_stacks(_allow("sns:*"))

    client.create_stack(StackName="Reads", TemplateBody=template, RoleARN=str(may.role_arn))
    with pytest.raises(ClientError, match=r"ssm:GetParameters on resource: arn:aws:ssm:.*:parameter/demo/version"):
        client.create_stack(StackName="ReadsNot", TemplateBody=template, RoleARN=str(may_not.role_arn))


def test_refuses_a_type_that_nobody_wrote_down_unless_everything_is_allowed(make_stacks: Stacks) -> None:
    cluster = {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "undescribed"}}}

    narrow = make_stacks(_allow("ecs:CreateCluster")).create(cluster)
    broad = make_stacks(_allow("ecs:*")).create(cluster)

    assert "ecs:*" in narrow.failures[0]
    assert broad.status == "CREATE_COMPLETE"
