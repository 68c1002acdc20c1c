"""Which keys the value of a property names."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.key_names import KeyNames
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located

KEY, OTHER = Located("S", "Key"), Located("S", "Other")
TEMPLATES: dict[str, Any] = {
    "S": {
        "Resources": {
            "Key": {"Type": "AWS::KMS::Key"},
            "Other": {"Type": "AWS::KMS::Key"},
            "Alias": {
                "Type": "AWS::KMS::Alias",
                "Properties": {"AliasName": "alias/orders", "TargetKeyId": {"Ref": "Key"}},
            },
        }
    },
    "Far": {"Resources": {}},
}
STACKS = {"S": DeployedStack(region="eu-west-1"), "Far": DeployedStack(region="us-east-1")}
NAMES = KeyNames(References(CloudTemplates(TEMPLATES, STACKS)), [KEY])


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Key"},
        {"Fn::GetAtt": ["Key", "Arn"]},
        {"Ref": "Alias"},
        "alias/orders",
        "arn:aws:kms:eu-west-1:111122223333:alias/orders",
    ],
    ids=str,
)
def test_a_key_is_named_by_itself_and_by_its_alias(value: object) -> None:
    assert NAMES.by("S", value) == {KEY}


@pytest.mark.parametrize("value", [{"Ref": "Other"}, "alias/other", "", None], ids=str)
def test_any_other_value_names_none_of_the_keys(value: object) -> None:
    assert NAMES.by("S", value) == set()


def test_an_alias_means_another_key_in_another_region() -> None:
    assert NAMES.by("Far", "alias/orders") == set()
