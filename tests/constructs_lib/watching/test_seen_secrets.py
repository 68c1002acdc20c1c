from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib import ConfigurationError
from constructs_lib.secrets.contents import DatabaseEngine, Generated
from constructs_lib.watching.seen_secrets import SeenSecret, read_secrets
from constructs_lib.wiring.secret_in_records import SecretInRecords
from tests.support.secret_stack import secret_of
from tests.support.told_events import ACCOUNT, REGION
from tests.support.told_secrets import SECRET_ARN, SECRET_NAME
from tests.support.watch_scene import OTHER_ACCOUNT, OTHER_REGION, stack_of

DATABASE = Generated.database(engine=DatabaseEngine.POSTGRES, username="app")


def imported(stack: cdk.Stack, arn: str = SECRET_ARN, name: str = "There") -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_complete_arn(stack, name, arn)


def read(stack: cdk.Stack, *secrets: Any, without_rotation: Any = ()) -> list[SeenSecret]:
    return read_secrets(stack, list(secrets), without_rotation=without_rotation)


def test_an_imported_secret_is_called_by_the_name_in_its_arn() -> None:
    stack = stack_of()

    (seen,) = read(stack, imported(stack))

    assert seen.name == SecretInRecords(arn=SECRET_ARN, called=SECRET_NAME, name=SECRET_NAME)
    assert seen.is_rotated


def test_a_secret_of_the_app_is_called_by_its_name_or_by_its_path() -> None:
    stack = stack_of()
    named, nameless = secretsmanager.Secret(stack, "Named", secret_name="orders"), secretsmanager.Secret(stack, "Own")

    found = [each.name for each in read(stack, named, nameless)]

    assert [(each.called, each.name) for each in found] == [("orders", "orders"), ("Orders/Own", None)]
    assert [stack.resolve(each.arn) for each in found] == [
        stack.resolve(named.secret_arn),
        stack.resolve(nameless.secret_arn),
    ]


def test_secrets_that_nobody_rotates_are_known() -> None:
    stack = stack_of()
    own, there = secretsmanager.Secret(stack, "Own"), imported(stack)

    assert [each.is_rotated for each in read(stack, own, there, without_rotation=[own])] == [False, True]


def test_refuses_no_secrets() -> None:
    with pytest.raises(ConfigurationError, match=r"^secrets must name what is watched, got nothing$"):
        read(stack_of())


def test_refuses_what_is_no_list() -> None:
    with pytest.raises(ConfigurationError, match=r"^secrets must be a list of secrets, got 'orders'$"):
        read_secrets(stack_of(), "orders", without_rotation=())  # type: ignore[arg-type]


def test_refuses_what_is_no_secret() -> None:
    with pytest.raises(ConfigurationError, match=r"^secrets must come from ManagedSecret.*, got 'orders'$"):
        read(stack_of(), "orders")


def test_refuses_a_secret_twice_also_by_its_attachment_to_a_database() -> None:
    stack = stack_of()
    own = secretsmanager.Secret(stack, "Own")
    database = rds.DatabaseInstance.from_database_instance_attributes(
        stack, "Database", instance_identifier="orders", instance_endpoint_address="a", port=1, security_groups=[]
    )
    attached = own.attach(database)

    with pytest.raises(ConfigurationError, match=r"^secrets must name each secret once, got Orders/Own twice$"):
        read(stack, own, attached)
    with pytest.raises(ConfigurationError, match=r"^secrets must name each secret once, got Orders/There twice$"):
        read(stack, imported(stack), imported(stack, name="Again"))


@pytest.mark.parametrize("known_by", ["name", "partial ARN"])
def test_refuses_a_secret_that_is_not_known_by_its_full_arn(known_by: str) -> None:
    stack = stack_of()
    secret = (
        secretsmanager.Secret.from_secret_name_v2(stack, "There", SECRET_NAME)
        if known_by == "name"
        else secretsmanager.Secret.from_secret_partial_arn(stack, "There", SECRET_ARN.removesuffix("-a1b2c3"))
    )

    with pytest.raises(
        ConfigurationError, match=r"^secrets must be known by the full ARN, by which events name a secret"
    ):
        read(stack, secret)


@pytest.mark.parametrize(
    ("place", "there", "refusal"),
    [
        (ACCOUNT, OTHER_ACCOUNT, f"account {ACCOUNT}, whose events the rules see, got Orders/There of {OTHER_ACCOUNT}"),
        (REGION, OTHER_REGION, f"Region {REGION}, whose events the rules see, got Orders/There of {OTHER_REGION}"),
    ],
    ids=["account", "Region"],
)
def test_refuses_a_secret_of_another_place(place: str, there: str, refusal: str) -> None:
    stack = stack_of()

    with pytest.raises(ConfigurationError) as error:
        read(stack, imported(stack, SECRET_ARN.replace(place, there)))
    assert str(error.value) == f"secrets must be of {refusal}"


def test_refuses_a_name_for_which_a_pattern_has_no_room() -> None:
    stack = stack_of()

    assert read(stack, imported(stack, SECRET_ARN.replace(SECRET_NAME, "a" * 300)))
    with pytest.raises(
        ConfigurationError, match=r"a name of up to 300 characters, .* got Orders/Long with one of 301$"
    ):
        read(stack, imported(stack, SECRET_ARN.replace(SECRET_NAME, "a" * 301), name="Long"))


def test_refuses_one_without_rotation_that_is_not_watched() -> None:
    stack = stack_of()

    with pytest.raises(
        ConfigurationError, match=r"^without_rotation must be of the secrets that are watched, got Orders/Own"
    ):
        read(stack, imported(stack), without_rotation=[secretsmanager.Secret(stack, "Own")])


def test_refuses_a_secret_of_this_library_without_rotation_among_those_that_must_be_rotated() -> None:
    stack = stack_of()
    secret = secret_of(stack, content=DATABASE)
    attached = secret.attach(
        rds.DatabaseInstance.from_database_instance_attributes(
            stack, "Database", instance_identifier="orders", instance_endpoint_address="a", port=1, security_groups=[]
        )
    )

    for each in (secret, attached):
        with pytest.raises(ConfigurationError, match=rf"^without_rotation must name {each.node.path}, which has no "):
            read(stack, each)
        (seen,) = read(stack, each, without_rotation=[each])
        assert (seen.is_rotated, seen.name.rotated_by) == (False, ())
