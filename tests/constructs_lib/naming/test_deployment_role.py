from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey
from tests.support.synthesised import key_statements, template_of, written

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
ROLE = "arn:aws:iam::111122223333:role/Deployer"
REFUSED = "[S] deployers must be named, since the stack's synthesizer {} has no CloudFormation execution role"


def deployer_of(stack: cdk.Stack) -> object:
    statement = key_statements(template_of(stack))["DeployersThroughServicesByName"]
    return statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]


def test_it_is_the_execution_role_of_the_bootstrap_stack(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    EncryptionKey(stack, "Key")

    assert deployer_of(stack) == (
        "arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"
    )


def test_it_follows_the_qualifier(make_app: MakeApp) -> None:
    synthesizer = cdk.DefaultStackSynthesizer(qualifier="payments")
    stack = cdk.Stack(make_app(), "S", env=IRELAND, synthesizer=synthesizer)
    EncryptionKey(stack, "Key")

    assert str(deployer_of(stack)).endswith(":role/cdk-payments-cfn-exec-role-111122223333-eu-west-1")


def test_it_follows_the_qualifier_of_the_context(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(**{"@aws-cdk/core:bootstrapQualifier": "fromctx"}), "S", env=IRELAND)
    EncryptionKey(stack, "Key")

    assert str(deployer_of(stack)).endswith(":role/cdk-fromctx-cfn-exec-role-111122223333-eu-west-1")


@pytest.mark.parametrize(
    "synthesizer",
    [
        lambda: cdk.DefaultStackSynthesizer(cloud_formation_execution_role=ROLE),
        lambda: cdk.BootstraplessSynthesizer(cloud_formation_execution_role_arn=ROLE),
    ],
    ids=["default", "bootstrapless"],
)
def test_it_is_the_role_that_the_synthesizer_was_given(
    synthesizer: Callable[[], cdk.IStackSynthesizer], make_app: MakeApp
) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND, synthesizer=synthesizer())
    EncryptionKey(stack, "Key")

    statement = key_statements(template_of(stack))["DeployersThroughServicesByName"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert deployer_of(stack) == ROLE


@pytest.mark.parametrize("synthesizer", [cdk.CliCredentialsStackSynthesizer, cdk.LegacyStackSynthesizer])
def test_refuses_a_synthesizer_without_a_role(
    synthesizer: Callable[[], cdk.IStackSynthesizer], make_app: MakeApp
) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND, synthesizer=synthesizer())

    with pytest.raises(ConfigurationError) as refused:
        EncryptionKey(stack, "Key")
    assert str(refused.value) == REFUSED.format(getattr(synthesizer, "__name__", ""))


@pytest.mark.parametrize(
    "synthesizer",
    [
        lambda: None,
        cdk.DefaultStackSynthesizer,
        lambda: cdk.DefaultStackSynthesizer(qualifier="payments"),
        lambda: cdk.DefaultStackSynthesizer(cloud_formation_execution_role=ROLE),
        cdk.BootstraplessSynthesizer,
    ],
    ids=["none", "default", "qualifier", "role", "bootstrapless"],
)
@pytest.mark.parametrize("environment", [None, IRELAND], ids=["anywhere", "ireland"])
@pytest.mark.parametrize("given_to", ["stack", "app"])
def test_it_is_the_role_that_the_cloud_assembly_names(
    given_to: str,
    environment: cdk.Environment | None,
    synthesizer: Callable[[], cdk.IReusableStackSynthesizer | None],
    tmp_path: Path,
) -> None:
    app = cdk.App(outdir=str(tmp_path), default_stack_synthesizer=synthesizer() if given_to == "app" else None)
    stage = cdk.Stage(app, "Prod")  # synthesised alone, it costs no validation
    stack = cdk.Stack(stage, "S", env=environment, synthesizer=synthesizer() if given_to == "stack" else None)
    keys = EncryptionKey(stack, "First"), EncryptionKey(stack, "Second")

    (deployed,) = stage.synth().stacks
    for key in keys:
        statement = written(key.checked_policy())["Statement"][1]
        assert statement["Sid"] == "DeployersThroughServicesByName"
        assert statement["Condition"]["ArnEquals"]["aws:PrincipalArn"] == deployed.cloud_formation_execution_role_arn


def test_named_deployers_need_no_synthesizer_with_a_role(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND, synthesizer=cdk.LegacyStackSynthesizer())
    EncryptionKey(stack, "Key", deployers=[iam.ArnPrincipal(ROLE)])

    statements = key_statements(template_of(stack))
    statements.pop("AccountAdministration")
    assert {"DeployersThroughServices", "DeployersGrants"} <= set(statements)
    assert all(statement["Principal"] == {"AWS": ROLE} for statement in statements.values())


def test_named_deployers_stand_for_the_role_of_the_synthesizer(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    EncryptionKey(stack, "Key", deployers=[iam.ArnPrincipal(ROLE)])

    assert not [sid for sid in key_statements(template_of(stack)) if sid.endswith("ByName")]


@pytest.mark.parametrize("depth", [1, 2])
def test_a_nested_stack_is_deployed_by_the_role_of_the_outermost(depth: int, make_app: MakeApp) -> None:
    outermost = stack = cdk.Stack(make_app(), "S", env=IRELAND)
    for _ in range(depth):
        stack = cdk.NestedStack(stack, "N")
    EncryptionKey(stack, "Key")

    assert str(deployer_of(stack)).endswith("role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1")
    assert outermost.nested_stack_parent is None
