"""Templates written by hand: rotations of secrets under a key that admits nobody for it."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.unadmitted_rotations import unadmitted_rotations
from tests.support.iam_beside_key_policy import ACCOUNT, ARN, KEY, allow

ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
ROLE = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/rotates"}
ROTATES = ("kms:Decrypt", "kms:GenerateDataKey")
WRITES = 'secrets_manager.write_secret(secret_name="Secret-*"), iam.AccountRootPrincipal()'
READS = 'secrets_manager.read_secret(secret_name="master"), iam.AccountRootPrincipal()'
SECRETS = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:"
THROUGH = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}

HOSTED = {"HostedRotationLambda": {"RotationType": "PostgreSQLSingleUser"}}
HOSTED_WITH_MASTER = {"HostedRotationLambda": {"MasterSecretArn": {"Fn::Join": ["", [{"Ref": "Master"}, "-??????"]]}}}
APPLICATION = {"RotationLambdaARN": {"Fn::GetAtt": ["Application", "Outputs.RotationLambdaARN"]}}
FUNCTION = {"RotationLambdaARN": {"Fn::GetAtt": ["Function", "Arn"]}}
ELSEWHERE = {"RotationLambdaARN": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:rotates"}


def about(name: str, **further: Any) -> dict[str, Any]:
    return {**THROUGH, "StringLike": {"kms:EncryptionContext:SecretARN": f"{SECRETS}{name}-??????"}, **further}


def calls(key_policy: list[Any], rotation: dict[str, Any], **application: Any) -> list[str]:
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": ARN}}
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": key_policy}}},
        "Secret": secret,
        "Master": {**secret, "Properties": {"KmsKeyId": ARN, "Name": "master"}},
        "Attached": {
            "Type": "AWS::SecretsManager::SecretTargetAttachment",
            "Properties": {"SecretId": {"Ref": "Secret"}},
        },
        "Application": {"Type": "AWS::Serverless::Application", "Properties": {"Parameters": application}},
        "Function": {"Type": "AWS::Lambda::Function"},
        "Rotation": {
            "Type": "AWS::SecretsManager::RotationSchedule",
            "Properties": {"SecretId": {"Ref": "Attached"}, **rotation},
        },
    }
    found = unadmitted_rotations(CloudTemplates({"S": {"Resources": resources}}), [KEY])
    assert {each.place.logical_id for each in found} <= {"Rotation"}
    return [each.call for each in found]


@pytest.mark.parametrize("rotation", [HOSTED, APPLICATION, ELSEWHERE], ids=["hosted", "application", "elsewhere"])
def test_whoever_rotates_is_found_unless_the_account_is_admitted_to_that_secret(rotation: dict[str, Any]) -> None:
    deployers = {**allow(ROOT, *ROTATES, **THROUGH), "Sid": "DeployersThroughSecretsmanager"}

    assert calls([], rotation) == [WRITES]
    assert calls([deployers], rotation) == [WRITES]
    assert calls([allow(ROOT, "kms:Decrypt", **about("Secret-*"))], rotation) == [WRITES]
    assert calls([allow(ROOT, *ROTATES, **about("Other-*"))], rotation) == [WRITES]
    assert calls([{**allow(ROOT, *ROTATES), "Effect": "Deny"}], rotation) == [WRITES]
    assert calls([allow(ROOT, *ROTATES, **about("Secret-*"))], rotation) == []
    assert calls([allow(ROOT, *ROTATES, **THROUGH)], rotation) == []


def test_a_function_of_the_app_is_left_to_its_grants() -> None:
    assert calls([], FUNCTION) == []


def test_a_function_that_exists_already_may_be_admitted_by_its_role() -> None:
    assert calls([allow(ROLE, *ROTATES, **THROUGH)], ELSEWHERE) == []
    assert calls([allow(ROLE, *ROTATES, **THROUGH)], HOSTED) == [WRITES]


@pytest.mark.parametrize(("who", "found"), [("role/rotates", [WRITES]), ("role/Rotation-*", [])])
def test_a_role_that_is_made_later_is_not_one_whose_name_is_known(who: str, found: list[str]) -> None:
    by_name = about("Secret-*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:{who}"})

    assert calls([allow(ROOT, *ROTATES, **by_name)], HOSTED) == found


def test_the_secret_of_another_user_that_a_rotation_reads_counts_too() -> None:
    admitted = allow(ROOT, *ROTATES, **about("Secret-*"))

    assert calls([admitted], HOSTED_WITH_MASTER) == [READS]
    assert calls([admitted], APPLICATION, masterSecretArn={"Ref": "Master"}) == [READS]
    assert calls([admitted, allow(ROOT, "kms:Decrypt", **about("master"))], HOSTED_WITH_MASTER) == []


def test_a_finding_says_what_to_write() -> None:
    templates = CloudTemplates({
        "S": {
            "Resources": {
                "Key": {"Type": "AWS::KMS::Key"},
                "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": ARN}},
                "It": {
                    "Type": "AWS::SecretsManager::RotationSchedule",
                    "Properties": {"SecretId": {"Ref": "Secret"}, **HOSTED},
                },
            }
        }
    })

    [one] = unadmitted_rotations(templates, [KEY])
    assert one.remedy.startswith(f"call key.allow({WRITES}) on the key, with secrets_manager from ")
    assert one.who == "the function that rotates a secret"
    assert unadmitted_rotations(templates, []) == []
