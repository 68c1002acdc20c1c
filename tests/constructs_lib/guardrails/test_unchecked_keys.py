"""What a template says of a key against what its construct wrote: the policy, and the settings that guards rely on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, MultiRegionKey, RotatesWithin, SigningKey, WaitsAtLeast
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.unchecked_keys import KnownTexts, unchecked_keys
from tests.support.synthesised import violations

KEY = Located("S", "Key")
POLICY = {"Statement": [{"Sid": "Deployers"}]}


@dataclass(frozen=True)
class Key:
    path: str = "S/Key"
    checked_settings: Mapping[str, object] = field(default_factory=dict)

    def checked_policy(self, _: KnownTexts) -> dict[str, Any]:
        return POLICY


def found(wrote: Mapping[str, object], **says: Any) -> list[str]:
    properties = {"KeyPolicy": POLICY, **says}
    templates = CloudTemplates({"S": {"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": properties}}}})
    return [each.what for each in unchecked_keys(templates, {KEY: Key(checked_settings=wrote)}, {})]


def test_what_the_construct_wrote_is_no_finding() -> None:
    wrote = {"pending_window_in_days": 7, "enable_key_rotation": True, "rotation_period_in_days": 90}

    assert found(wrote, PendingWindowInDays=7, EnableKeyRotation=True, RotationPeriodInDays=90) == []


def test_another_policy_is_found() -> None:
    assert found({}, KeyPolicy={}) == ["the key policy of S/Key was"]


@pytest.mark.parametrize(
    ("wrote", "says", "what"),
    [
        ({}, {"BypassPolicyLockoutSafetyCheck": True}, "BypassPolicyLockoutSafetyCheck of S/Key is True, not False"),
        ({"enable_key_rotation": True}, {}, "EnableKeyRotation of S/Key is False, not True"),
        ({}, {"EnableKeyRotation": True}, "EnableKeyRotation of S/Key is True, not False"),
        ({"rotation_period_in_days": 90}, {}, "RotationPeriodInDays of S/Key is 365, not 90"),
        ({}, {"RotationPeriodInDays": 2000}, "RotationPeriodInDays of S/Key is 2000, not 365"),
        ({"pending_window_in_days": 14}, {}, "PendingWindowInDays of S/Key is 30, not 14"),
        (
            {"pending_window_in_days": 14},
            {"PendingWindowInDays": {"Ref": "Days"}},
            "PendingWindowInDays of S/Key is {'Ref': 'Days'}, not 14",
        ),
    ],
)
def test_another_setting_is_found(wrote: Mapping[str, object], says: dict[str, Any], what: str) -> None:
    assert found(wrote, **says) == [f"{what}: it was"]


@pytest.mark.parametrize(
    "says",
    [
        {"BypassPolicyLockoutSafetyCheck": False},
        {"EnableKeyRotation": False},
        {"RotationPeriodInDays": 365},
        {"PendingWindowInDays": 30},
        {"Description": "another", "Enabled": False},
    ],
    ids=str,
)
def test_what_is_taken_anyway_and_what_no_guard_is_about_may_be_written(says: dict[str, Any]) -> None:
    assert found({}, **says) == []


def test_an_override_that_goes_past_a_guard_stops_the_synthesis(make_app: Callable[..., cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "S")
    key = EncryptionKey(stack, "Key", guards=[RotatesWithin(days=365), WaitsAtLeast(days=14)]).node.default_child
    assert isinstance(key, kms.CfnKey)
    key.add_property_override("RotationPeriodInDays", 2000)
    key.pending_window_in_days = 7

    past = "it was changed past the construct, so nothing has checked it"
    assert violations(stack) == [
        ("UncheckedKeyPolicy", f"PendingWindowInDays of S/Key is 7, not 30: {past}"),
        ("UncheckedKeyPolicy", f"RotationPeriodInDays of S/Key is 2000, not 365: {past}"),
    ]


def test_every_kind_of_key_says_what_it_wrote(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    environments = [cdk.Environment(account="111122223333", region=region) for region in ("eu-west-1", "us-east-1")]
    ireland, virginia = (cdk.Stack(app, f"S{number}", env=env) for number, env in enumerate(environments))
    wait = cdk.Duration.days(9)
    MultiRegionKey(
        ireland, "Key", replicas=[virginia], rotation_period=cdk.Duration.days(100), waiting_period=wait, alias="a"
    )
    SigningKey(ireland, "Releases", waiting_period=wait, alias="b")

    assert violations(ireland) == []
