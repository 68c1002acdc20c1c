"""Another content, or another name, meets a condition that CloudFormation does not update."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.naming.token_text import TokenText
from constructs_lib.secrets.content_pin import content_digest, pin_content
from constructs_lib.secrets.contents import Content, DatabaseEngine, Generated, Supplied, unsafe_value
from tests.support.synthesised import only, resources, template_of

CONDITION, HANDLE = "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"
LIVE = {
    "generated": Generated.text(),
    "supplied": Supplied.text(),
    "unsafe": unsafe_value(cdk.SecretValue.unsafe_plain_text("hunter2")),
}


def _pinned(app: cdk.App, content: Content, secret_name: str | None = None) -> dict[str, Any]:
    stack = cdk.Stack(app, "Orders")
    secret = secretsmanager.CfnSecret(stack, "Secret")
    pin_content(stack, secret, content, secret_name=secret_name, text=TokenText(stack))
    return template_of(stack)


def _is_refused(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether CloudFormation would have to update a condition: it has the same id and another handle."""
    conditions = [resources(each, CONDITION) for each in (before, after)]
    handles = [set(resources(each, HANDLE)) for each in (before, after)]
    return set(conditions[0]) == set(conditions[1]) and handles[0].isdisjoint(handles[1])


@pytest.mark.parametrize("live", LIVE)
def test_the_secret_waits_for_a_condition_that_is_met_at_once(live: str, make_app: Callable[..., cdk.App]) -> None:
    template = _pinned(make_app(), LIVE[live])

    (handle,) = resources(template, HANDLE)
    ((name, condition),) = resources(template, CONDITION).items()
    assert condition["Properties"] == {"Handle": {"Ref": handle}, "Timeout": "1", "Count": 0}
    assert only(template, "AWS::SecretsManager::Secret")["DependsOn"] == [name]


def test_refuses_another_generator(make_app: Callable[..., cdk.App]) -> None:
    assert _is_refused(_pinned(make_app(), Generated.text()), _pinned(make_app(), Generated.text(length=49)))


@pytest.mark.parametrize(("before", "after"), [(one, other) for one in LIVE for other in LIVE if one != other])
def test_refuses_another_kind_of_content(before: str, after: str, make_app: Callable[..., cdk.App]) -> None:
    assert _is_refused(_pinned(make_app(), LIVE[before]), _pinned(make_app(), LIVE[after]))


@pytest.mark.parametrize(("before", "after"), [(None, "orders"), ("orders", "orders/new"), ("orders", None)])
def test_refuses_another_name(before: str | None, after: str | None, make_app: Callable[..., cdk.App]) -> None:
    first, second = (_pinned(make_app(), Supplied.text(), name) for name in (before, after))

    assert _is_refused(first, second)


@pytest.mark.parametrize(
    "later", [Generated.text(generation=2), Supplied.json("key", generation=2), Supplied.key_pair(generation=2)]
)
def test_another_generation_is_another_condition(later: Content, make_app: Callable[..., cdk.App]) -> None:
    first, second = _pinned(make_app(), Generated.text()), _pinned(make_app(), later)

    assert set(resources(first, CONDITION)).isdisjoint(resources(second, CONDITION))


def test_what_changes_no_value_changes_no_condition(make_app: Callable[..., cdk.App]) -> None:
    for one, other in (
        (Supplied.text(), Supplied.certificate()),
        (LIVE["unsafe"], unsafe_value(cdk.SecretValue.unsafe_plain_text("another"))),
    ):
        assert resources(_pinned(make_app(), one), HANDLE) == resources(_pinned(make_app(), other), HANDLE)


def test_the_digest_is_the_same_on_every_machine() -> None:
    assert content_digest(Generated.text(), "orders", TokenText(cdk.Stack())) == "bfdff61741fb"


def _of_superuser(app: cdk.App, construct_id: str, secret_name: str | None) -> dict[str, Any]:
    superuser = secretsmanager.Secret(cdk.Stack(app, "Super"), construct_id, secret_name=secret_name)
    content = Generated.database(engine=DatabaseEngine.MYSQL, username="app", superuser=superuser)
    return _pinned(app, content)


@pytest.mark.parametrize(
    ("before", "after"),
    [(("One", None), ("One", "super")), (("One", "super"), ("One", "other")), (("One", None), ("Two", None))],
    ids=["named", "another name", "another id"],
)
def test_refuses_another_superuser_for_whose_arn_the_value_would_be_drawn_again(
    before: tuple[str, str | None], after: tuple[str, str | None], make_app: Callable[..., cdk.App]
) -> None:
    first, same, second = (_of_superuser(make_app(), *each) for each in (before, before, after))

    assert not _is_refused(first, same)
    assert _is_refused(first, second)
