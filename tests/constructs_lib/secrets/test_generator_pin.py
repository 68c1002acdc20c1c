"""A changed generator meets a condition that CloudFormation does not update."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.naming.token_text import TokenText
from constructs_lib.secrets.generated import Generated
from constructs_lib.secrets.generator_pin import generator_digest, pin_generator
from tests.support.synthesised import only, resources, template_of

CONDITION, HANDLE = "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"


def _pinned(app: cdk.App, content: Generated) -> dict[str, Any]:
    stack = cdk.Stack(app, "Orders")
    pin_generator(stack, secretsmanager.CfnSecret(stack, "Secret"), content, TokenText(stack))
    return template_of(stack)


def test_the_secret_waits_for_a_condition_that_is_met_at_once(make_app: Callable[..., cdk.App]) -> None:
    template = _pinned(make_app(), Generated.text())

    (handle,) = resources(template, HANDLE)
    ((name, condition),) = resources(template, CONDITION).items()
    assert condition["Properties"] == {"Handle": {"Ref": handle}, "Timeout": "1", "Count": 0}
    assert only(template, "AWS::SecretsManager::Secret")["DependsOn"] == [name]


def test_another_generator_is_another_handle_of_the_same_condition(
    make_app: Callable[..., cdk.App],
) -> None:
    first, second = _pinned(make_app(), Generated.text()), _pinned(make_app(), Generated.text(length=49))

    assert set(resources(first, CONDITION)) == set(resources(second, CONDITION))
    assert set(resources(first, HANDLE)).isdisjoint(resources(second, HANDLE))


def test_another_generation_is_another_condition(make_app: Callable[..., cdk.App]) -> None:
    first, second = _pinned(make_app(), Generated.text()), _pinned(make_app(), Generated.text(generation=2))

    assert set(resources(first, CONDITION)).isdisjoint(resources(second, CONDITION))


def test_the_digest_is_the_same_on_every_machine() -> None:
    assert generator_digest(Generated.text(), TokenText(cdk.Stack())) == "e45adf295bfe"
