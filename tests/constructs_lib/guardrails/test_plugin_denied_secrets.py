"""Managed secrets in whole apps: a grant that never reached the secret stops the synthesis."""

import re
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import Generated
from tests.support.l2_positions import IRELAND
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
BUILDS = iam.ServicePrincipal("codebuild.amazonaws.com")
READ, READ_AND_PUT = "GetSecretValue", "GetSecretValue, secretsmanager:PutSecretValue"


def managed(stack: cdk.Stack, key: kms.IKey | None = None) -> ManagedSecret:
    encryption_key = key or EncryptionKey(stack, "Key", alias="orders", services=[])
    return ManagedSecret(stack, "Secret", encryption_key=encryption_key, content=Generated.text())


def project(scope: cdk.Stack, secret: ManagedSecret) -> codebuild.Project:
    kind = codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER
    return codebuild.Project(
        scope,
        "Project",
        build_spec=codebuild.BuildSpec.from_object({"version": "0.2"}),
        environment_variables={"TOKEN": codebuild.BuildEnvironmentVariable(value=secret.secret_arn, type=kind)},
    )


def found(stack: cdk.Stack) -> list[tuple[str, str, str]]:
    """Give who is denied what of the secret, without the hashes of logical ids."""
    said = violations(stack)
    assert {rule for rule, _ in said} <= {"DeniedBySecret"}
    shape = (
        r"IAM allows (\w+)\w{8} of stack (\w) secretsmanager:(.+) on Secret\w+ of stack S, whose own policy denies it"
    )
    return [match.groups() for _, text in said if (match := re.fullmatch(shape, text))]  # type: ignore[misc]


@pytest.mark.parametrize("env", [IRELAND, None], ids=["known", "anywhere"])
@pytest.mark.parametrize("place", ["S", "W", "N"])
def test_grants_that_go_past_the_secret_stop_the_synthesis(
    place: str, env: cdk.Environment | None, make_app: MakeApp
) -> None:
    app = make_app()
    stack = cdk.Stack(app, "S", env=env)
    homes: dict[str, Callable[[], cdk.Stack]] = {
        "S": lambda: stack,
        "W": lambda: cdk.Stack(app, "W", env=env),
        "N": lambda: cdk.NestedStack(stack, "N"),
    }
    home = homes[place]()
    secret = managed(stack)
    project(home, secret)
    imported = iam.Role(home, "Imports", assumed_by=BUILDS)
    secretsmanager.Secret.from_secret_complete_arn(home, "Same", secret.secret_arn).grant_read(imported)
    named = iam.Role(home, "Names", assumed_by=BUILDS)
    by_name = secretsmanager.Secret.from_secret_name_v2(home, "ByName", secret.secret_name)
    by_name.grant_read(named)
    by_name.grant_write(named)

    where = "W" if place == "W" else "S"
    assert sorted(found(stack)) == [
        ("Imports", where, READ),
        ("Names", where, READ_AND_PUT),
        ("ProjectRole", where, READ),
    ]


@pytest.mark.parametrize("place", ["same", "other"])
def test_a_grant_of_the_secret_makes_up_for_it(place: str, make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "S", env=IRELAND)
    secret = managed(stack)
    user = stack if place == "same" else cdk.Stack(app, "W", env=IRELAND)
    secret.grant_read(project(user, secret))
    role = iam.Role(user, "Role", assumed_by=BUILDS)
    role.add_to_policy(iam.PolicyStatement(actions=["secretsmanager:*"], resources=[secret.secret_arn]))
    secret.grant_read(role)
    secret.grant_write(role)

    assert violations(stack) == []


def test_the_finding_says_what_helps_and_needs_no_key_of_ours(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    project(stack, managed(stack, kms.Key(stack, "Key")))

    with pytest.raises(RuntimeError, match="ValidationFailed") as stopped:
        stack.node.root.synth()  # type: ignore[attr-defined]

    (fix,) = re.findall("Suggested fix: (.*)", str(stopped.value))
    assert fix.startswith("call secret.grant_read(grantee) for ProjectRole4CCB274E of stack S, which reaches IAM, the ")


def test_a_secret_of_the_cdk_is_left_alone(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    managed(stack)
    theirs = secretsmanager.Secret(stack, "Theirs")
    theirs.grant_read(iam.Role(stack, "Role", assumed_by=BUILDS))

    assert violations(stack) == []


def test_who_names_the_secret_and_writes_no_statement_is_not_seen(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    cluster = "arn:aws:redshift:eu-west-1:111122223333:cluster:orders"
    query = targets.RedshiftQuery(cluster, database="orders", sql=["select 1"], secret=managed(stack))
    events.Rule(stack, "Rule", schedule=events.Schedule.rate(cdk.Duration.hours(1)), targets=[query])

    assert violations(stack) == []


def test_a_secret_that_is_taken_back_names_no_role_of_its_stack_and_is_not_compared(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(**{"cdk-key-management:take-back": "true"}), "S", env=IRELAND)
    secret = managed(stack)
    secret.grant_read(iam.Role(stack, "Role", assumed_by=BUILDS))

    assert violations(stack) == []
