"""Names of secrets, where they may be referred to and where not."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_name import (
    NamedSecret,
    announce_taken_name,
    check_secret_name,
    name_in_arn,
    replica_arn,
)
from tests.support.announcements import announcements
from tests.support.synthesised import written


@pytest.mark.parametrize("name", [None, "a", "orders/db_1+=.@-x", "x" * 512, "orders-token", "a-bcdefgh"])
def test_what_secrets_manager_takes_is_a_name(name: str | None) -> None:
    assert check_secret_name(name) == name


@pytest.mark.parametrize("name", ["", "x" * 513, "orders db", "orders#", "orders\n", "é", 7], ids=repr)
def test_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(ConfigurationError, match="secret_name must be 1 to 512 letters"):
        check_secret_name(name)


@pytest.mark.parametrize("name", ["orders-abcdef", "orders-tok123", "-123456"])
def test_refuses_a_name_that_ends_like_an_arn(name: str) -> None:
    with pytest.raises(ConfigurationError, match="must not end with a hyphen and six characters"):
        check_secret_name(name)


def test_refuses_a_name_that_nobody_knows_yet() -> None:
    with pytest.raises(ConfigurationError, match="secret_name must be a literal name"):
        check_secret_name(f"orders-{cdk.Aws.REGION}")


def test_without_a_name_it_is_known_by_its_logical_id_and_not_by_its_stack() -> None:
    stack = cdk.Stack(cdk.App(), "Orders", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    named = NamedSecret.of(secretsmanager.CfnSecret(stack, "Token"), None)

    assert named.name == "Token-*"
    assert written(stack.resolve(named.arn)).endswith(":secretsmanager:eu-west-1:111122223333:secret:Token-*-??????")
    assert ":secretsmanager:us-east-1:111122223333:" in written(stack.resolve(named.arn_in("us-east-1")))


def test_the_drawn_name_and_the_arn_of_a_replica_are_read_out_of_the_arn() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    secret = secretsmanager.CfnSecret(stack, "Token")
    part = {"Fn::Select": [6, {"Fn::Split": [":", {"Ref": "Token"}]}]}

    assert stack.resolve(name_in_arn(secret.ref)) == {
        "Fn::Join": ["-", [{"Fn::Select": [number, {"Fn::Split": ["-", part]}]} for number in (0, 1)]]
    }
    assert stack.resolve(replica_arn(secret, secret.ref, "us-east-1"))["Fn::Join"][1][-1] == part


def test_what_a_fixed_name_costs_is_said(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    for name, removal in (("kept", cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE), ("gone", cdk.RemovalPolicy.DESTROY)):
        announce_taken_name(secretsmanager.CfnSecret(stack, name), name, removal)

    gone, kept = sorted(announcements(app.synth().directory, "Orders", "info"))

    assert "--secret-id kept --force-delete-without-recovery" in kept
    assert "aws secretsmanager restore-secret --secret-id gone and cdk import" in gone
    assert all(
        "another secret_name, or none, makes another secret, which does not have" in each for each in (gone, kept)
    )
