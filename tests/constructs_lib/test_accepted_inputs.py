"""No input that a constructor takes makes a template that CDK's validator or cfn-lint rejects."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner
from hypothesis import given, settings

from constructs_lib import EncryptionKey
from tests.support.accepted_keys import AcceptedKey, accepted_keys

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


def rejected(template: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what cfn-lint has against a template: rules and logical ids."""
    runner = Runner(ConfigMixIn(regions=["eu-west-1"]))
    return [(match.rule.id, str(match.path[1])) for match in runner.validate_template(template)]


@pytest.fixture
def keys() -> list[AcceptedKey]:
    """Make up keys; both validators take a while for each app, so all of them go into one."""
    found: list[AcceptedKey] = []

    @given(accepted_keys())
    @settings(max_examples=24, database=None)
    def make_up(key: AcceptedKey) -> None:
        found.append(key)

    make_up()
    return found


def test_what_is_accepted_is_not_rejected_later(keys: list[AcceptedKey], make_app: MakeApp) -> None:
    app = make_app(validate=True, **{"@aws-cdk/core:validationReportPrettyPrint": False})
    stack = cdk.Stack(app, "Keys", env=IRELAND)
    for number, key in enumerate(keys):
        key.define(stack, number)

    template = app.synth().get_stack_by_name("Keys").template

    assert rejected(template) == []
    assert sum(each["Type"] == "AWS::KMS::Key" for each in template["Resources"].values()) == len(keys)


def resource_of(key: EncryptionKey) -> str:
    """Return the logical id of a key."""
    resource = key.node.default_child
    assert isinstance(resource, cdk.CfnElement)
    return cdk.Stack.of(key).get_logical_id(resource)


def test_cfn_lint_would_reject_what_is_out_of_range(make_app: MakeApp) -> None:
    changes: dict[str, tuple[dict[str, Any], str]] = {
        "Window": ({"PendingWindowInDays": 31}, "E3034"),
        "Period": ({"RotationPeriodInDays": 89}, "E3034"),
        "Spec": ({"KeySpec": "RSA_1024"}, "E3030"),
        "Description": ({"Description": "x" * 8193}, "E3033"),
        "Surplus": ({"Surplus": 1}, "E3002"),
    }
    app = make_app()
    stack = cdk.Stack(app, "Keys", env=IRELAND)
    ids = {resource_of(EncryptionKey(stack, name)): name for name in changes}
    template = app.synth().get_stack_by_name("Keys").template
    for logical_id, name in ids.items():
        template["Resources"][logical_id]["Properties"] |= changes[name][0]

    found = {logical_id: rule for rule, logical_id in rejected(template)}

    assert {ids[logical_id]: rule for logical_id, rule in found.items()} == {
        name: rule for name, (_, rule) in changes.items()
    }
