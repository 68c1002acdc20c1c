"""Which uses of a key by a service are refused: every property that holds a key, and nothing beside it."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.keys_of_services import Misuse, misused_keys
from constructs_lib.guardrails.template_values import Located

KEY, PLACE = Located("S", "Key"), Located("S", "It")
ARN, REF = {"Fn::GetAtt": ["Key", "Arn"]}, {"Ref": "Key"}
ENCRYPTING = "AWS services encrypt with symmetric keys alone"
SIGNING = "Route 53 signs with a SigningKey of ECC_NIST_P256 in us-east-1 alone"


def key(spec: str | None = "HMAC_256", usage: str = "GENERATE_VERIFY_MAC") -> dict[str, Any]:
    return {"Type": "AWS::KMS::Key", "Properties": {"KeySpec": spec, "KeyUsage": usage} if spec else {}}


def misuses(resources: dict[str, Any], *, region: str = "eu-west-1", **others: Any) -> list[Misuse]:
    templates = {"S": {"Resources": {"Key": key(), **resources}}, **others}
    stacks = {path: DeployedStack(name=path, account="111122223333", region=region) for path in templates}
    return misused_keys(CloudTemplates(templates, stacks), [KEY])


def bucket(value: Any) -> dict[str, Any]:
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": value}
    rules = [{"ServerSideEncryptionByDefault": by_default}]
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": {"ServerSideEncryptionConfiguration": rules}}}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


@pytest.mark.parametrize(
    "using",
    [
        bucket(ARN),
        resource("SQS::Queue", KmsMasterKeyId=REF),
        resource("Logs::LogGroup", KmsKeyId=ARN),
        resource("Kinesis::Stream", StreamEncryption={"EncryptionType": "KMS", "KeyId": ARN}),
        resource("EKS::Cluster", EncryptionConfig=[{"Provider": {"KeyArn": ARN}, "Resources": ["secrets"]}]),
        resource("Backup::BackupVault", EncryptionKeyArn=ARN),
        resource("CodeBuild::Project", EncryptionKey={"Fn::Sub": "${Key.Arn}"}),
        resource("CodePipeline::Pipeline", ArtifactStore={"EncryptionKey": {"Id": ARN, "Type": "KMS"}}),
        resource("StepFunctions::StateMachine", EncryptionConfiguration={"KmsKeyId": {"Fn::If": ["C", REF, "x"]}}),
        resource("Events::EventBus", KmsKeyIdentifier={"Fn::Join": ["", ["arn:aws:kms:eu-west-1:1:key/", REF]]}),
    ],
    ids=lambda each: str(each["Type"]),
)
def test_a_service_that_encrypts_with_a_key_that_cannot_is_found(using: dict[str, Any]) -> None:
    assert misuses({"It": using}) == [
        Misuse(PLACE, KEY, ENCRYPTING, "HMAC_256 for GENERATE_VERIFY_MAC", "give it an EncryptionKey")
    ]
    assert misuses({"It": using, "Key": key(spec=None)}) == []


@pytest.mark.parametrize(
    "using",
    [
        resource("Lambda::Function", Environment={"Variables": {"KmsKeyArn": ARN}}),
        resource("SSM::Parameter", Value=ARN),
        resource("StepFunctions::StateMachine", DefinitionSubstitutions={"KeyArn": ARN}),
        resource("S3::BucketPolicy", PolicyDocument={"KmsKeyId": ARN}),
        resource("S3::Bucket", Metadata={"x-amz-kms-key": ARN}),
        resource("IAM::Policy", KmsKeyId=ARN),
        resource("KMS::Alias", AliasName="alias/a", TargetKeyId=REF),
        resource("CloudFormation::Stack", Parameters={"KeyId": REF}),
        {"Type": "Custom::Import", "Properties": {"KeyId": REF}},
        resource("SQS::Queue", KmsMasterKeyId="alias/aws/sqs"),
        resource("SQS::Queue", Encrypted=True, KmsMasterKeyId={"Ref": "Other"}),
        resource("SQS::Queue"),
    ],
)
def test_whoever_is_only_told_of_a_key_or_uses_another_is_not_found(using: dict[str, Any]) -> None:
    assert misuses({"It": using, "Other": key(spec=None)}) == []


ALIAS = resource("KMS::Alias", AliasName="alias/a", TargetKeyId=REF)


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Alias"},
        "alias/a",
        "arn:aws:kms:eu-west-1:111122223333:alias/a",
        {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${Alias}"},
    ],
    ids=str,
)
def test_an_alias_is_its_key(value: Any) -> None:
    assert [each.key for each in misuses({"It": bucket(value), "Alias": ALIAS})] == [KEY]
    assert misuses({"It": bucket(value), "Alias": {**ALIAS, "Properties": {"AliasName": "alias/a"}}}) == []


def test_an_alias_of_another_region_is_another_key() -> None:
    templates = {
        "S": {"Resources": {"Key": key(), "Alias": ALIAS}},
        "Far": {"Resources": {"It": bucket("alias/a")}},
    }
    stacks = {"S": DeployedStack(region="eu-west-1"), "Far": DeployedStack(region="us-east-1")}

    assert misused_keys(CloudTemplates(templates, stacks), [KEY]) == []


def test_a_key_is_found_through_the_export_of_another_stack() -> None:
    exported = {"Resources": {"Key": key()}, "Outputs": {"O": {"Value": ARN, "Export": {"Name": "the-key"}}}}
    templates = CloudTemplates({
        "S": exported,
        "Far": {"Resources": {"It": bucket({"Fn::ImportValue": "the-key"})}},
    })

    assert [(each.place, each.key) for each in misused_keys(templates, [KEY])] == [(Located("Far", "It"), KEY)]


def test_a_replica_is_what_its_primary_is() -> None:
    replica = Located("S", "Replica")
    resources = {
        "Key": key(),
        "Replica": resource("KMS::ReplicaKey", PrimaryKeyArn=ARN),
        "It": bucket({"Ref": "Replica"}),
    }

    assert [each.got for each in misused_keys(CloudTemplates({"S": {"Resources": resources}}), [replica])] == [
        "HMAC_256 for GENERATE_VERIFY_MAC"
    ]


ZONE_SIGNER = resource("Route53::KeySigningKey", KeyManagementServiceArn=ARN)
P256 = key("ECC_NIST_P256", "SIGN_VERIFY")


@pytest.mark.parametrize("region", ["us-east-1", ""])
def test_route_53_signs_with_one_kind_of_key_in_one_region(region: str) -> None:
    assert misuses({"It": ZONE_SIGNER, "Key": P256}, region=region) == []


@pytest.mark.parametrize(
    ("given", "region", "got"),
    [
        (P256, "eu-west-1", "ECC_NIST_P256 for SIGN_VERIFY in eu-west-1"),
        (key("RSA_3072", "SIGN_VERIFY"), "us-east-1", "RSA_3072 for SIGN_VERIFY in us-east-1"),
        (key("ECC_NIST_P256", "KEY_AGREEMENT"), "us-east-1", "ECC_NIST_P256 for KEY_AGREEMENT in us-east-1"),
        (key(spec=None), "us-east-1", "SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT in us-east-1"),
        (key(), "", "HMAC_256 for GENERATE_VERIFY_MAC"),
    ],
)
def test_any_other_key_of_a_zone_is_found(given: dict[str, Any], region: str, got: str) -> None:
    assert misuses({"It": ZONE_SIGNER, "Key": given}, region=region) == [
        Misuse(PLACE, KEY, SIGNING, got, "give it a SigningKey of a stack in us-east-1, with its usual spec")
    ]


def test_each_service_that_uses_the_key_is_found() -> None:
    found = misuses({"A": bucket(ARN), "B": resource("SQS::Queue", KmsMasterKeyId=REF, KmsDataKey=ARN)})

    assert [each.place.logical_id for each in found] == ["A", "B"]
