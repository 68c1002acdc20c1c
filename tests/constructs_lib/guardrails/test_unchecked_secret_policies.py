"""What a template says of the resource policy of a secret against what its construct wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.unchecked_secret_policies import places_of, unchecked_secret_policies
from tests.support.denied_by_secret import deny, resource_policy

WROTE: dict[str, Any] = {**resource_policy(deny())["Properties"], "BlockPublicPolicy": True}
NOT_THERE = "the resource policy of S/Secret is not in its template"


@dataclass(frozen=True)
class Policy:
    path: str = "S/Secret"
    template_file: str = "S.template.json"

    def checked(self) -> tuple[str, Mapping[str, Any]]:
        return "Policy", WROTE


def found(resource: Mapping[str, Any], policy: Policy | None = None) -> list[str]:
    templates = CloudTemplates({"cdk.out/S.template.json": {"Resources": {"Policy": resource}}})
    ones = list(unchecked_secret_policies(templates, places_of(templates, [policy or Policy()])))
    expected = Located("cdk.out/S.template.json" if policy is None else policy.template_file, "Policy")
    assert all(each.place == expected for each in ones)
    return [each.what for each in ones]


def says(**properties: Any) -> dict[str, Any]:
    kept = {name: value for name, value in {**WROTE, **properties}.items() if value is not None}
    return {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": kept}


def test_what_the_construct_wrote_is_no_finding() -> None:
    assert found({**says(), "DeletionPolicy": "Retain", "DependsOn": ["Other"]}) == []


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"ResourcePolicy": {"Version": "2012-10-17", "Statement": []}}, "ResourcePolicy"),
        ({"ResourcePolicy": None}, "ResourcePolicy"),
        ({"BlockPublicPolicy": False}, "BlockPublicPolicy"),
        ({"BlockPublicPolicy": None}, "BlockPublicPolicy"),
        ({"SecretId": "other"}, "SecretId"),
        ({"Further": "1"}, "Further"),
        ({"SecretId": "other", "BlockPublicPolicy": None}, "BlockPublicPolicy and SecretId"),
    ],
)
def test_what_was_changed_is_found(changed: dict[str, Any], name: str) -> None:
    assert found(says(**changed)) == [f"{name} of the resource policy of S/Secret changed past the construct"]


def test_a_policy_that_may_not_be_deployed_is_found() -> None:
    said = "the resource policy of S/Secret is deployed under the condition IsProd only"

    assert found({**says(), "Condition": "IsProd"}) == [said]


def test_a_policy_that_is_gone_is_found() -> None:
    assert found({}) == [NOT_THERE]
    assert found({**says(), "Type": "AWS::IAM::Policy"}) == [NOT_THERE]
    assert found(says(), Policy(template_file="T.template.json")) == [NOT_THERE]
