"""What handlers of services ask of a key for whoever creates: enough is enough, and without it nothing is created."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from constructs_lib.service_access.creators import CREATORS, Grants
from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
Policy = Callable[..., dict[str, Any]]
KEY = {"Fn::GetAtt": ["Key", "Arn"]}
ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
ROLE_OF_ANYBODY = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ]
            }
        },
    }
}
S3_DESTINATION = {"BucketARN": "arn:aws:s3:::delivered", "RoleARN": ROLE}
TABLE_KEY = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
             "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}  # fmt: skip
# Type of the resource, the service that calls KMS, and the properties.
ENCRYPTED: list[tuple[str, str, Mapping[str, Any]]] = [
    ("AWS::Backup::BackupVault", "backup", {"BackupVaultName": "encrypted", "EncryptionKeyArn": KEY}),
    ("AWS::DynamoDB::GlobalTable", "dynamodb",
     {**TABLE_KEY, "BillingMode": "PAY_PER_REQUEST", "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
      "Replicas": [{"Region": "eu-central-1", "SSESpecification": {"KMSMasterKeyId": KEY}}]}),
    ("AWS::DynamoDB::Table", "dynamodb",
     {**TABLE_KEY, "BillingMode": "PAY_PER_REQUEST",
      "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}}),
    ("AWS::EC2::Volume", "ec2", {"AvailabilityZone": "eu-central-1a", "Size": 1, "Encrypted": True, "KmsKeyId": KEY}),
    ("AWS::ECR::Repository", "ecr", {"EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": KEY}}),
    ("AWS::EFS::FileSystem", "elasticfilesystem", {"Encrypted": True, "KmsKeyId": KEY}),
    ("AWS::Events::Archive", "events",
     {"SourceArn": "arn:aws:events:eu-central-1:111122223333:event-bus/default", "KmsKeyIdentifier": KEY}),
    ("AWS::Events::EventBus", "events", {"Name": "encrypted", "KmsKeyIdentifier": KEY}),
    ("AWS::KinesisFirehose::DeliveryStream", "firehose",
     {"S3DestinationConfiguration": S3_DESTINATION,
      "DeliveryStreamEncryptionConfigurationInput": {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": KEY}}),
    ("AWS::Lambda::Function", "lambda",
     {"Code": {"ZipFile": "def handler(event, context): pass"}, "Handler": "index.handler", "Runtime": "python3.13",
      "Role": ROLE, "KmsKeyArn": KEY}),
    ("AWS::RDS::DBCluster", "rds",
     {"Engine": "aurora-postgresql", "MasterUsername": "owner", "MasterUserPassword": "not-a-secret", "KmsKeyId": KEY,
      "StorageEncrypted": True}),
    ("AWS::RDS::DBInstance", "rds",
     {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20", "MasterUsername": "owner",
      "MasterUserPassword": "not-a-secret", "KmsKeyId": KEY, "StorageEncrypted": True}),
    ("AWS::SecretsManager::Secret", "secretsmanager", {"SecretString": "s", "KmsKeyId": KEY}),
    ("AWS::StepFunctions::StateMachine", "states",
     {"DefinitionString": '{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}', "RoleArn": ROLE,
      "EncryptionConfiguration": {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": KEY}}),
]  # fmt: skip


def _through(service: str, role: str, account: str) -> list[dict[str, Any]]:
    """What the key lets a creator do through a service, and nothing else."""
    creator = CREATORS[service]
    condition = {
        "StringEquals": {"kms:ViaService": f"{service}.eu-central-1.amazonaws.com"},
        "ArnEquals": {"aws:PrincipalArn": role},
    }
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Resource": "*"}
    use = {**statement, "Sid": "Use", "Action": list(creator.actions), "Condition": condition}
    if creator.grants is Grants.NONE:
        return [use]
    marked = {"Bool": {"kms:GrantIsForAWSResource": "true"}, **condition}
    return [use, {**statement, "Sid": "Grants", "Action": "kms:CreateGrant", "Condition": marked}]


@pytest.fixture
def administered(make_key_policy: Policy) -> Policy:
    """Deployers are among those who administer a key, and so may take grants back."""

    def make(*statements: Mapping[str, Any]) -> dict[str, Any]:
        policy = make_key_policy(*statements)
        policy["Statement"][0]["Action"].append("kms:RevokeGrant")
        return policy

    return make


def _template(resource_type: str, properties: Mapping[str, Any], policy: dict[str, Any]) -> dict[str, Any]:
    return {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
        "Thing": {"Type": resource_type, "Properties": dict(properties)},
        **ROLE_OF_ANYBODY,
    }


@pytest.mark.parametrize(("resource_type", "service", "properties"), ENCRYPTED)
def test_what_a_creator_is_given_through_a_service_is_enough_for_its_handlers(
    aws: LocalAws, make_stacks: Stacks, administered: Policy, *,
    resource_type: str, service: str, properties: Mapping[str, Any],
) -> None:  # fmt: skip
    stacks = make_stacks()
    policy = administered(*_through(service, str(stacks.role_arn), aws.account))

    created = stacks.create(_template(resource_type, properties, policy))

    assert (created.failures, created.status) == ((), "CREATE_COMPLETE")
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"


@pytest.mark.parametrize(("resource_type", "service", "properties"), ENCRYPTED)
def test_refuses_a_resource_whose_key_admits_its_creator_through_another_service_only(
    aws: LocalAws, make_stacks: Stacks, administered: Policy, *,
    resource_type: str, service: str, properties: Mapping[str, Any],
) -> None:  # fmt: skip
    stacks = make_stacks()
    other = "s3" if service != "s3" else "sqs"
    policy = administered(*_through(other, str(stacks.role_arn), aws.account))
    policy["Statement"][0]["Action"].remove("kms:DescribeKey")
    policy["Statement"].append(
        {"Sid": "Describe", "Effect": "Allow", "Principal": {"AWS": stacks.role_arn}, "Action": "kms:DescribeKey",
         "Resource": "*", "Condition": {"Null": {"kms:ViaService": "true"}}}
    )  # fmt: skip

    created = stacks.create(_template(resource_type, properties, policy))

    assert created.status == "ROLLBACK_COMPLETE"
    assert any("not authorized to perform: kms:" in each and each.startswith("Thing") for each in created.failures)
