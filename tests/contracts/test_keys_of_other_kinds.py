"""Keys that encrypt for no AWS service, in the hands of the CDK's own constructs: refused, or used as they can be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_efs as efs
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from constructs_lib import (
    AgreementKey,
    AsymmetricEncryptionKey,
    ConfigurationError,
    EncryptionKey,
    MacKey,
    SigningKey,
    SigningSpec,
)
from tests.support.assembled import Assembled
from tests.support.kms_findings import findings
from tests.support.kms_statements import kms_statements
from tests.support.l2_case import function, role, vpc
from tests.support.l2_positions import POSITIONS, Position
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
VIRGINIA = cdk.Environment(account="111122223333", region="us-east-1")
KINDS = [SigningKey, MacKey, AgreementKey, AsymmetricEncryptionKey]


def asking_for_nothing(key: kms.IKey, stack: cdk.Stack) -> list[str]:
    """Use a key by constructs that ask it for nothing, and return their ids."""
    s3.Bucket(stack, "Bucket", encryption_key=key)
    sqs.Queue(stack, "Queue", encryption_master_key=key)
    sns.Topic(stack, "Topic", master_key=key)
    logs.LogGroup(stack, "LogGroup", encryption_key=key)
    ecr.Repository(stack, "Repository", encryption=ecr.RepositoryEncryption.KMS, encryption_key=key)
    backup.BackupVault(stack, "Vault", encryption_key=key)
    cloudtrail.Trail(stack, "Trail", encryption_key=key)
    kinesis.Stream(stack, "Stream", encryption_key=key)
    efs.FileSystem(stack, "Files", vpc=vpc(stack), kms_key=key)
    function(stack, "Function", environment_encryption=key, environment={"NAME": "value"})
    dynamodb.Table(
        stack,
        "Table",
        partition_key=dynamodb.Attribute(name="name", type=dynamodb.AttributeType.STRING),
        encryption_key=key,
    )
    return [
        "Bucket",
        "Files",
        "Function",
        "LogGroup",
        "Queue",
        "Repository",
        "Stream",
        "Table",
        "Topic",
        "Trail",
        "Vault",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_what_encrypts_under_a_key_that_is_not_symmetric(kind: Any, make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    ids = asking_for_nothing(kind(stack, "Key", alias="key"), stack)

    found = violations(stack)

    assert {rule for rule, _ in found} == {"KeyOfWrongKind"}
    assert sorted(next(each for each in ids if said.startswith(each)) for _, said in found) == ids
    assert all("AWS services encrypt with symmetric keys alone" in said for _, said in found)


def test_the_same_constructs_take_a_symmetric_key(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    asking_for_nothing(EncryptionKey(stack, "Key", alias="key"), stack)

    assert "KeyOfWrongKind" not in {rule for rule, _ in violations(stack)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("use", [secretsmanager.Secret, ec2.Volume, codebuild.Project])
def test_refuses_constructs_that_ask_for_what_the_key_cannot_do(kind: Any, use: Any, make_app: MakeApp) -> None:
    options: dict[Any, dict[str, Any]] = {
        ec2.Volume: {"availability_zone": "eu-west-1a", "size": cdk.Size.gibibytes(1), "encrypted": True},
        codebuild.Project: {"build_spec": codebuild.BuildSpec.from_object({"version": "0.2"})},
    }
    stack = cdk.Stack(make_app(), "S")
    key = kind(stack, "Key", alias="key")

    if (
        kind is AsymmetricEncryptionKey and use is not ec2.Volume
    ):  # it can encrypt and decrypt, but for nobody's service
        use(stack, "It", encryption_key=key, **options.get(use, {}))
        assert {rule for rule, _ in violations(stack)} == {"KeyOfWrongKind"}
    else:
        with pytest.raises(
            (ConfigurationError, RuntimeError), match=r"\[S/Key\] .*(cannot|must be KMS actions that this)"
        ):
            use(stack, "It", encryption_key=key, **options.get(use, {}))


def zone_signed_by(key: kms.IKey, stack: cdk.Stack) -> route53.HostedZone:
    zone = route53.HostedZone(stack, "Zone", zone_name="example.com")
    route53.KeySigningKey(stack, "Signer", hosted_zone=zone, kms_key=key)
    return zone


@pytest.mark.parametrize("environment", [VIRGINIA, None], ids=["us-east-1", "anywhere"])
@pytest.mark.parametrize("position", POSITIONS)
def test_route_53_signs_a_hosted_zone_with_a_signing_key(
    position: Position, environment: cdk.Environment | None, make_app: MakeApp
) -> None:
    app = make_app(**{"aws:cdk:enable-asset-metadata": True})
    home, away = POSITIONS[position](app, environment)
    zone_signed_by(SigningKey(home, "Key", alias="zone"), away)

    assembled = Assembled.read(Path(app.synth().directory))

    assert findings(assembled) == []
    of_the_service = {
        statement.actions: statement.conditions
        for statement in kms_statements(assembled)
        if statement.callers == ("dnssec-route53.amazonaws.com",)
    }
    source = of_the_service.pop(("kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"))
    partition, account = ("aws", environment.account) if environment else ("${AWS::Partition}", "${AWS::AccountId}")
    if position == "same":
        zone = f"arn:{partition}:route53:::hostedzone/${{S/ZoneA5DE4B68}}"
        assert source == (("ArnEquals", "aws:SourceArn", (zone,)),)
    else:  # a zone of another stack has no name yet
        assert source == (
            ("ArnLike", "aws:SourceArn", (f"arn:{partition}:route53:::hostedzone/*",)),
            ("StringEquals", "aws:SourceAccount", (account,)),
        )
    assert of_the_service == {("kms:CreateGrant",): (("Bool", "kms:GrantIsForAWSResource", ("true",)),)}


@pytest.mark.parametrize(
    ("key", "region"),
    [
        (lambda stack: SigningKey(stack, "Key", alias="zone", spec=SigningSpec.RSA_3072), "us-east-1"),
        (lambda stack: SigningKey(stack, "Key", alias="zone", spec=SigningSpec.ED25519), "us-east-1"),
        (lambda stack: SigningKey(stack, "Key", alias="zone"), "eu-west-1"),
    ],
    ids=["rsa", "ed25519", "another region"],
)
def test_refuses_a_zone_signed_by_a_key_that_route_53_cannot_use(
    key: Callable[[cdk.Stack], kms.IKey], region: str, make_app: MakeApp
) -> None:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region=region))
    zone_signed_by(key(stack), stack)

    ((rule, said),) = violations(stack)

    assert rule == "KeyOfWrongKind"
    assert said.endswith(f"in {region}: Route 53 signs with a SigningKey of ECC_NIST_P256 in us-east-1 alone")


@pytest.mark.parametrize("kind", [MacKey, AgreementKey, AsymmetricEncryptionKey, EncryptionKey])
def test_refuses_a_zone_signed_by_a_key_that_cannot_sign(kind: Any, make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=VIRGINIA)

    with pytest.raises(
        (ConfigurationError, RuntimeError), match=r"actions must be KMS actions that this kind of key has"
    ):
        zone_signed_by(kind(stack, "Key", alias="key"), stack)


def test_anybody_may_be_told_the_arn_of_a_signing_key(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    key = SigningKey(stack, "Key", alias="zone")
    function(stack, environment={"KMS_KEY": key.key_arn, "KmsKeyArn": key.key_arn})
    key.grant_sign(role(stack))

    assert violations(stack) == []
