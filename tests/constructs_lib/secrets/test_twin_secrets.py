"""Two secrets that IAM and their key cannot tell apart are announced."""

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from tests.support.announcements import announcements
from tests.support.secret_stack import key_of, secret_of

HERE = cdk.Environment(account="111122223333", region="eu-west-1")
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
LIKE_ANOTHER = "[ack: cdk-key-management:secret-named-like-another]"


def _twins(app: cdk.App, key: Callable[[cdk.Stack], kms.IKey], told: Mapping[str, Any]) -> list[str]:
    """Return what is said of the secrets of two stacks of one class."""
    for name in ("Prod", "Dev"):
        stack = cdk.Stack(app, name, env=HERE)
        secret_of(stack, "Token", encryption_key=key(stack), **{each: value(name) for each, value in told.items()})
    directory = app.synth().directory
    said = [each for name in ("Prod", "Dev") for each in announcements(directory, name, "warning")]
    return [each for each in said if each.endswith(LIKE_ANOTHER)]


def _shared(app: cdk.App) -> Callable[[cdk.Stack], kms.IKey]:
    key = key_of(cdk.Stack(app, "Keys", env=HERE))
    return lambda _: key


@pytest.mark.parametrize("key", ["owned", "imported"])
def test_secrets_at_the_same_place_of_two_stacks_are_told_of_each_other(
    key: str, make_app: Callable[..., cdk.App]
) -> None:
    app = make_app()
    of = _shared(app) if key == "owned" else lambda stack: kms.Key.from_key_arn(stack, "Key", ARN)

    said = _twins(app, of, {})

    assert [each.split(",")[0] for each in said] == [
        f"policies call it by the same pattern as {other}/Token" for other in ("Dev", "Prod")
    ]


def test_with_names_of_their_own_nothing_is_said(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()

    assert _twins(app, _shared(app), {"secret_name": lambda stack: f"{stack.lower()}/token"}) == []


def test_with_a_key_each_nothing_is_said(make_app: Callable[..., cdk.App]) -> None:
    assert _twins(make_app(), lambda stack: key_of(stack, f"{stack.stack_name}Key"), {}) == []
