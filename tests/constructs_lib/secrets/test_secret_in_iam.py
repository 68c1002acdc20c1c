"""What policies of the people say of a secret, and what others are told."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.named_people import READERS, NamedPeople
from constructs_lib.secrets.secret_in_iam import SecretInIam, check_version_stages
from tests.support.announcements import announcements
from tests.support.secret_stack import allowed_to, role
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
