"""Managed secrets in whole apps: a second resource policy, a changed one, and an attachment past the secret."""

import re
from collections.abc import Callable
from typing import cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.managed_secret import ManagedSecret
from tests.support.l2_positions import IRELAND
from tests.support.secret_stack import role, secret_of
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
POLICY_OF_ATTACHED = "@aws-cdk/aws-secretsmanager:useAttachedSecretResourcePolicyForSecretTargetAttachments"
VIRGINIA = cdk.Environment(account=IRELAND.account, region="us-east-1")
ONE = "which has one: whichever is deployed last takes the place of the other"


def denial() -> iam.PolicyStatement:
    return iam.PolicyStatement(
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["secretsmanager:PutSecretValue"],
        resources=["*"],
        conditions={"StringEquals": {"aws:PrincipalTag/team": "guests"}},
    )


def policy_of(secret: ManagedSecret) -> secretsmanager.CfnResourcePolicy:
    return cast("secretsmanager.CfnResourcePolicy", secret.node.find_child("Policy"))


def attached_past(secret: ManagedSecret) -> secretsmanager.SecretTargetAttachment:
    stack = cdk.Stack.of(secret)
    database = rds.DatabaseInstance.from_database_instance_attributes(
        stack, "Orders", instance_identifier="orders", instance_endpoint_address="orders", port=5432, security_groups=[]
    )
    return secretsmanager.SecretTargetAttachment(stack, "Attachment", secret=secret, target=database)


def rotation_function(stack: cdk.Stack) -> lambda_.Function:
    code = lambda_.Code.from_inline("def handler(event, context): pass")
    return lambda_.Function(stack, "Rotates", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", code=code)


def denied(stack: cdk.Stack) -> set[str]:
    """Give the logical ids, without hashes, of those whom a secret denies what IAM allows."""
    said = [text for rule, text in violations(stack) if rule == "DeniedBySecret"]
    return {found[1] for text in said if (found := re.match(r"IAM allows (\w+)\w{8} of stack S ", text))}


def rules(stack: cdk.Stack) -> list[str]:
    return [rule for rule, _ in violations(stack)]


def test_a_policy_of_the_cdk_for_our_secret_stops_the_synthesis(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    further = secretsmanager.ResourcePolicy(stack, "Second", secret=secret_of(stack))
    further.document.add_statements(denial())

    ((rule, said),) = violations(stack)
    assert rule == "SecondSecretPolicy"
    assert said.startswith("Second")
    assert said.endswith(f" of stack S, {ONE}")


def test_the_finding_says_what_helps(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    secretsmanager.CfnResourcePolicy(stack, "Second", secret_id=secret_of(stack).secret_arn, resource_policy={})

    with pytest.raises(RuntimeError, match=r"with secret\.add_to_resource_policy\(\.\.\.\); who is to read, write or"):
        stack.node.root.synth()  # type: ignore[attr-defined]


def test_a_policy_in_another_stack_is_a_second_one(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = (cdk.Stack(app, name, env=IRELAND) for name in "SW")
    secret = secret_of(stack, secret_name="orders")
    imported = secretsmanager.Secret.from_secret_name_v2(other, "ByName", "orders")
    for name, each in (("ByArn", secret.secret_arn), ("Named", imported.secret_arn), ("Plain", "orders")):
        secretsmanager.CfnResourcePolicy(other, f"{name}Policy", secret_id=each, resource_policy={})

    assert rules(stack) == ["SecondSecretPolicy"] * 3


def test_the_statement_belongs_to_the_secret_and_another_secret_may_have_its_own(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    secret_of(stack).add_to_resource_policy(denial())
    secretsmanager.Secret(stack, "Theirs").add_to_resource_policy(denial())

    assert violations(stack) == []


@pytest.mark.parametrize(
    "changed",
    [
        lambda policy: policy.add_property_override("BlockPublicPolicy", False),  # noqa: FBT003  # the CDK's
        lambda policy: policy.add_property_deletion_override("ResourcePolicy.Statement.1"),
        lambda policy: policy.add_property_override("ResourcePolicy.Statement.0.Effect", "Allow"),
        lambda policy: setattr(policy, "resource_policy", {"Version": "2012-10-17", "Statement": []}),
        lambda policy: policy.add_override("Condition", "IsProd"),
        lambda policy: policy.add_override("Type", "AWS::CloudFormation::WaitConditionHandle"),
        lambda policy: policy.node.scope.node.try_remove_child("Policy"),
    ],
    ids=["public", "dropped", "allow", "L1", "condition", "type", "removed"],
)
def test_a_policy_that_is_changed_past_the_secret_stops_the_synthesis(
    changed: Callable[[secretsmanager.CfnResourcePolicy], object], make_app: MakeApp
) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    changed(policy_of(secret_of(stack)))

    ((rule, said),) = violations(stack)
    assert (rule, "the resource policy of S/Secret" in said) == ("UncheckedSecretPolicy", True)


@pytest.mark.parametrize("env", [IRELAND, None], ids=["known", "anywhere"])
def test_whoever_is_named_in_whatever_way_the_policy_is_as_it_was_written(
    env: cdk.Environment | None, make_app: MakeApp
) -> None:
    app = make_app()
    stack, other = (cdk.Stack(app, name, env=env) for name in "SW")
    nested = cdk.NestedStack(stack, "N")
    given = secret_of(stack, secret_name="orders", readers=[role(stack, "Given")])
    inner = secret_of(nested, "Inner")
    for secret in (given, inner):
        for number, home in enumerate((stack, other)):
            secret.grant_read(role(home, f"{secret.node.id}Reader{number}"))
        secret.grant_write(role(cdk.Stack.of(secret), f"{secret.node.id}Writer"))
        secret.add_to_resource_policy(denial())

    assert violations(stack) == []


def test_in_a_stage_the_policy_is_as_it_was_written(make_app: MakeApp) -> None:
    app = make_app()
    stacks = [cdk.Stack(cdk.Stage(app, name), "S", env=env) for name, env in (("Dev", IRELAND), ("Prod", VIRGINIA))]
    for stack in stacks:
        secret_of(stack)
    assert violations(stacks[0]) == []

    app = make_app()
    other = cdk.Stack(app, "S", env=IRELAND)
    changed = policy_of(secret_of(cdk.Stack(cdk.Stage(app, "Dev"), "S", env=VIRGINIA)))
    changed.block_public_policy = False

    assert rules(other) == ["UncheckedSecretPolicy"]


def test_what_an_attachment_past_the_secret_grants_is_denied_and_found(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    attachment = attached_past(secret_of(stack))
    attachment.grant_read(role(stack, "Reader"))
    attachment.grant_write(role(stack, "Writer"))

    assert denied(stack) == {"Reader", "Writer"}


@pytest.mark.parametrize("is_passed_on", [True, False])
def test_refuses_the_rotation_of_an_attachment_past_the_secret(
    is_passed_on: bool,  # noqa: FBT001  # a case
    make_app: MakeApp,
) -> None:
    stack = cdk.Stack(make_app(**{POLICY_OF_ATTACHED: is_passed_on}), "S", env=IRELAND)
    attachment = attached_past(secret_of(stack))
    rotates = rotation_function(stack)
    if is_passed_on:
        with pytest.raises(RuntimeError, match="statement must not deny everybody, or a whole account"):
            secretsmanager.RotationSchedule(stack, "Schedule", secret=attachment, rotation_lambda=rotates)
    else:
        secretsmanager.RotationSchedule(stack, "Schedule", secret=attachment, rotation_lambda=rotates)
        assert "SecondSecretPolicy" in rules(stack)
        assert denied(stack) == {"RotatesServiceRole"}


@pytest.mark.parametrize(("is_passed_on", "found"), [(True, []), (False, ["SecondSecretPolicy"])])
def test_a_statement_that_an_attachment_past_the_secret_takes_is_passed_on_or_a_second_policy(
    is_passed_on: bool,  # noqa: FBT001  # a case
    found: list[str],
    make_app: MakeApp,
) -> None:
    stack = cdk.Stack(make_app(**{POLICY_OF_ATTACHED: is_passed_on}), "S", env=IRELAND)
    attached_past(secret_of(stack)).add_to_resource_policy(denial())

    assert rules(stack) == found
