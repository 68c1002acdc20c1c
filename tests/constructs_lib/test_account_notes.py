from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib import EncryptionKey, SigningKey
from tests.support.announcements import announcements
from tests.support.l2_case import Build
from tests.support.l2_cases.events import rule_to_a_topic, state_machine_with_its_role_granted
from tests.support.l2_cases.storage import bucket_of_access_logs

ENVIRONMENTS = {
    "agnostic": None,
    "specific": cdk.Environment(account="111122223333", region="eu-west-1"),
    "account only": cdk.Environment(account="111122223333"),
}


def _of_account(*actions: str, principal: iam.IPrincipal) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), principals=[principal], resources=["*"])


def _synthesised(app: cdk.App) -> tuple[list[str], list[str]]:
    assembly = app.synth()
    artifact = assembly.get_stack_by_name("Keys")
    (key,) = (each for each in artifact.template["Resources"].values() if each["Type"] == "AWS::KMS::Key")
    sids = [statement["Sid"] for statement in key["Properties"]["KeyPolicy"]["Statement"]]
    return sids, announcements(assembly.directory, "Keys", "info")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_everything_for_the_account_is_left_out_and_announced_wherever_the_stack_is(
    environment: str, make_app: Callable[..., cdk.App]
) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Keys", env=ENVIRONMENTS[environment])
    key = EncryptionKey(stack, "Key", services=[])

    key.add_to_resource_policy(_of_account("kms:*", principal=iam.AccountRootPrincipal()))
    sids, notes = _synthesised(app)

    assert sids == ["AccountAdministration"]
    assert len(notes) == 1
    assert "kms:* for the account was left out" in notes[0]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_everything_for_another_account_is_not_swallowed(environment: str, make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Keys", env=ENVIRONMENTS[environment])
    key = EncryptionKey(stack, "Key", services=[])

    key.add_to_resource_policy(_of_account("kms:*", principal=iam.AccountPrincipal("222222222222")))
    sids, notes = _synthesised(app)

    assert len(sids) == 2
    assert not [note for note in notes if "left-to-iam" in note]


def test_everything_for_the_account_under_a_condition_is_not_swallowed(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    key = EncryptionKey(cdk.Stack(app, "Keys"), "Key", services=[])
    statement = _of_account("kms:*", principal=iam.AccountRootPrincipal())
    statement.add_condition("StringEquals", {"aws:PrincipalOrgID": "o-example"})

    key.add_to_resource_policy(statement)
    sids, _ = _synthesised(app)

    assert len(sids) == 2


def test_the_account_that_a_construct_lets_in_through_a_service_is_announced(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Keys")
    key = EncryptionKey(stack, "Key", services=[])
    key.grant_decrypt(kms.ViaServicePrincipal(f"ssm.{stack.region}.amazonaws.com", iam.AccountRootPrincipal()))

    _, notes = _synthesised(app)

    assert any("IAM decides who of the account may kms:Decrypt, under the conditions" in note for note in notes)


def test_everything_for_a_role_that_is_named_by_name_is_not_swallowed(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    key = EncryptionKey(cdk.Stack(app, "Keys"), "Key", services=[])
    role = iam.Role(cdk.Stack(app, "Roles"), "Role", assumed_by=iam.AccountRootPrincipal())

    key.add_to_resource_policy(_of_account("kms:*", principal=role))
    sids, notes = _synthesised(app)

    assert len(sids) == 2
    assert not [note for note in notes if "left-to-iam" in note]


@pytest.mark.parametrize("kind", [EncryptionKey, SigningKey])
def test_an_organization_lets_iam_decide_in_the_account_of_the_key(
    kind: type[Any], make_app: Callable[..., cdk.App]
) -> None:
    app = make_app()
    key = kind(cdk.Stack(app, "Keys"), "Key")
    use = "kms:Decrypt" if kind is EncryptionKey else "kms:Sign"
    key.grant(iam.OrganizationPrincipal("o-a1b2c3d4e5"), use)

    _, notes = _synthesised(app)

    assert any(f"IAM decides who of the account may {use}, under the conditions" in note for note in notes)


def test_the_account_as_a_reader_survives_being_taken_back(make_app: Callable[..., cdk.App]) -> None:
    app = make_app(**{"cdk-key-management:take-back": "true"})
    EncryptionKey(cdk.Stack(app, "Keys"), "Key", services=[], decrypters=[iam.AccountRootPrincipal()])

    assert _synthesised(app)[0] == ["AccountAdministration", "Decrypters"]


def test_an_account_that_is_not_trusted_is_announced_once_with_how_readers_are_admitted(
    make_app: Callable[..., cdk.App],
) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Keys")
    key = EncryptionKey(stack, "Key", services=[])
    for name in ("One", "Two"):
        secretsmanager.Secret(stack, name, encryption_key=key)

    sids, notes = _synthesised(app)

    assert sids == ["AccountAdministration", "DeployersThroughSecretsmanagerByName"]
    (note,) = [each for each in notes if "cdk-key-management:narrowed" in each]
    assert "key.allow(secrets_manager.read_secret(secret_name=...), role)" in note
    assert "https://docs.aws.amazon.com/secretsmanager/" in note


def test_what_is_given_as_it_was_asked_is_not_announced(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    ours = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    sagemaker = iam.ServicePrincipal("sagemaker.amazonaws.com", conditions=ours)
    EncryptionKey(cdk.Stack(app, "Keys"), "Key", services=[]).grant_decrypt(sagemaker)

    assert _synthesised(app)[1] == []


def test_a_service_without_any_condition_is_announced_once_with_what_it_may(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    key = EncryptionKey(cdk.Stack(app, "Keys"), "Key", services=[])
    for _ in range(2):
        key.grant_decrypt(iam.ServicePrincipal("sagemaker.amazonaws.com"))
    key.grant_decrypt(iam.ServicePrincipal("sns.amazonaws.com"))  # which gets one
    key.add_to_resource_policy(
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            actions=["kms:Decrypt"],
            principals=[iam.ServicePrincipal("glue.amazonaws.com")],
            resources=["*"],
        )
    )

    [note] = _synthesised(app)[1]

    assert note.startswith("sagemaker.amazonaws.com may kms:Decrypt under no condition, whichever account it acts for")


@pytest.mark.parametrize("build", [bucket_of_access_logs, rule_to_a_topic, state_machine_with_its_role_granted])
def test_what_constructs_leave_open_is_announced(build: Build, make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Keys")
    build(EncryptionKey(stack, "Key"), stack)

    assert any("under no condition" in note for note in _synthesised(app)[1])
