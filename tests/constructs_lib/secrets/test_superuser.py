"""The secret of a superuser, and what would tell that another one took its place."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.superuser import check_superuser, superuser_identity
from tests.support.secret_stack import secret_of

ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:super-AbCdEf"


@jsii.implements(secretsmanager.ISecretAttachmentTarget)
class _Database:
    """Something that a secret is attached to."""

    def as_secret_attachment_target(self) -> secretsmanager.SecretAttachmentTargetProps:
        return secretsmanager.SecretAttachmentTargetProps(
            target_id="orders", target_type=secretsmanager.AttachmentTargetType.RDS_DB_INSTANCE
        )


def _logical_id(secret: cdk.Resource) -> str:
    resource: Any = secret.node.default_child
    return cdk.Stack.of(secret).get_logical_id(resource)


def test_another_name_or_logical_id_is_another_superuser() -> None:
    stack = cdk.Stack()
    unnamed, named, moved = (
        secret_of(stack, name, secret_name=given)
        for name, given in (("Unnamed", None), ("Named", "orders/super"), ("Moved", None))
    )
    resource: Any = moved.node.default_child
    resource.override_logical_id("Superuser")

    assert superuser_identity(unnamed) == [_logical_id(unnamed), None]
    assert superuser_identity(named) == [_logical_id(named), "orders/super"]
    assert superuser_identity(moved) == ["Superuser", None]


def test_an_attached_superuser_is_the_secret_behind_it() -> None:
    stack = cdk.Stack()
    ours = secret_of(stack, secret_name="orders/super")  # a name
    theirs = secretsmanager.Secret(stack, "Theirs", secret_name="orders/theirs")  # a name
    target: Any = _Database()

    assert superuser_identity(ours.attach(target)) == [_logical_id(ours), "orders/super"]
    assert superuser_identity(theirs.attach(target)) == [_logical_id(theirs), "orders/theirs"]


@pytest.mark.parametrize(
    "imported",
    [
        lambda stack: secretsmanager.Secret.from_secret_complete_arn(stack, "Super", ARN),
        lambda stack: secretsmanager.Secret.from_secret_name_v2(stack, "Super", "super"),
    ],
    ids=["arn", "name"],
)
def test_an_imported_superuser_is_known_by_its_arn(
    imported: Callable[[cdk.Stack], secretsmanager.ISecret],
) -> None:
    assert superuser_identity(imported(cdk.Stack())) == []


def test_refuses_a_superuser_that_is_replaced_unseen() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    parameter = cdk.CfnParameter(stack, "Parameter")
    superuser = secretsmanager.Secret.from_secret_complete_arn(stack, "Super", parameter.value_as_string)

    with pytest.raises(ConfigurationError, match=r"^superuser must be a secret of this app, .*, got Orders/Super by a"):
        superuser_identity(superuser)


@pytest.mark.parametrize("given", [ARN, None, 7])
def test_refuses_what_is_no_secret(given: object) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_superuser(given)
    assert str(refused.value) == f"superuser must be a secret, such as ManagedSecret(...), got {given!r}"
