"""What policies of the people say of a secret, and what others are told."""

from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.named_people import READERS, NamedPeople
from constructs_lib.secrets.secret_in_iam import DRAWN_NAME, SecretInIam, check_version_stages
from tests.conftest import FLAGS
from tests.support.announcements import announcements
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings
from tests.support.secret_stack import allowed_to, role, secret_of
from tests.support.synthesised import app_of, template_of

ARN, COPY = (
    f"arn:aws:secretsmanager:{region}:111122223333:secret:orders-??????" for region in ("eu-west-1", "us-east-1")
)
READ = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=cdk.Environment(account="111122223333", region="eu-west-1"))


@pytest.fixture
def in_iam(stack: cdk.Stack) -> SecretInIam:
    secret = cdk.Resource(stack, "Secret")
    return SecretInIam(secret, NamedPeople(secret, (), None), near=["near", "near-copy"], far=[ARN, COPY])


def test_a_role_of_the_stack_reads_the_secret_and_its_replicas(stack: cdk.Stack, in_iam: SecretInIam) -> None:
    reader = role(stack, "Reader")
    in_iam.allow_reading(reader, in_iam.people.read(READERS, reader))

    (statement,) = allowed_to(template_of(stack), "Reader")

    assert (statement["Action"], statement["Resource"]) == (READ, ["near", "near-copy"])


def test_a_stage_is_asked_of_reading_alone(stack: cdk.Stack, in_iam: SecretInIam) -> None:
    reader = role(stack, "Reader")
    in_iam.allow_reading(reader, in_iam.people.read(READERS, reader), ["AWSPREVIOUS"])

    conditions = {each["Action"]: each.get("Condition") for each in allowed_to(template_of(stack), "Reader")}

    assert conditions == {
        "secretsmanager:DescribeSecret": None,
        "secretsmanager:GetSecretValue": {"ForAnyValue:StringEquals": {"secretsmanager:VersionStage": ["AWSPREVIOUS"]}},
    }


def test_what_is_not_reading_has_nothing_to_do_with_replicas(stack: cdk.Stack, in_iam: SecretInIam) -> None:
    other = cdk.Stack(app_of(stack), "Other", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    far = role(other, "Far")
    in_iam.allow(far, in_iam.people.read(READERS, far), ["secretsmanager:PutSecretValue"])

    (statement,) = allowed_to(template_of(other), "Far")

    assert statement["Resource"] == ARN


@pytest.mark.parametrize("account", ["111122223333", "999988887777"])
def test_who_cannot_be_written_to_is_told_what_he_must_allow(
    stack: cdk.Stack, in_iam: SecretInIam, account: str
) -> None:
    arn = f"arn:aws:iam::{account}:role/Reader"
    imported = iam.ArnPrincipal(arn) if account == "111122223333" else iam.Role.from_role_arn(stack, "Imported", arn)
    in_iam.allow_reading(imported, in_iam.people.read(READERS, imported))

    (said,) = announcements(app_of(stack).synth().directory, "Orders", "info")

    assert said.startswith(f'policies of {arn} cannot be written from here and must allow {{"Effect": "Allow"')
    assert ARN in said


@pytest.mark.parametrize("stages", ["AWSCURRENT", [], [""], ["AWS*"], ["x" * 257], [1]], ids=repr)
def test_refuses_what_are_no_version_stages(stages: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="version_stages must be"):
        check_version_stages(stages)


@pytest.mark.parametrize(("name", "reasons"), [(None, {DRAWN_NAME}), ("orders/token", set())])
def test_the_wildcard_in_the_name_of_a_drawn_secret_is_answered_for_who_is_in_another_stack(
    tmp_path: Path, name: str | None, reasons: set[str]
) -> None:
    app = cdk.App(outdir=str(tmp_path), context={**FLAGS, **COLLECT_ONLY}, builtin_cloud_formation_validation=False)
    there, other = (cdk.Stack(app, each) for each in ("There", "Other"))
    reader, wide = role(other, "Reader"), role(other, "Wide")
    secret = secret_of(there, secret_name=name, readers=[reader])
    secret.grant_read(reader, ["AWSPREVIOUS"])
    wide.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws:s3:::orders/*"]))
    s3.Bucket(other, "Awake")  # with the queue something in which every pack finds something
    sqs.Queue(other, "Queue")
    add_packs(app)

    found = [each for each in collect_findings(app) if each.rule.startswith("AwsSolutions-IAM5[")]

    ours, others = ([each for each in found if f"/{name}/" in each.path] for name in ("Reader", "Wide"))
    assert {each.reason for each in ours} == reasons
    assert [each.reason for each in others] == [None]
