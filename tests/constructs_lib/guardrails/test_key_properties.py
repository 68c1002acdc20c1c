"""Which properties may hold a key, and among which others each of them stands."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.key_properties import KeyProperty, key_properties
from constructs_lib.guardrails.template_values import Located


def found(properties: dict[str, Any], kind: str = "AWS::SQS::Queue") -> list[KeyProperty]:
    return list(key_properties(CloudTemplates({"S": {"Resources": {"It": {"Type": kind, "Properties": properties}}}})))


def test_a_property_stands_among_those_of_all_that_it_is_in() -> None:
    inner = {"Region": "us-east-1", "KmsKeyId": {"Ref": "Key"}}
    outer = {"Name": "x", "Replicas": [inner]}

    assert found(outer) == [KeyProperty(Located("S", "It"), "KmsKeyId", {"Ref": "Key"}, (outer, inner))]


@pytest.mark.parametrize("name", ["KmsMasterKeyId", "KMSKeyArn", "EncryptionKey", "KeyId", "KeyArn", "KeyIdentifier"])
def test_a_property_holds_a_key_if_its_name_says_so(name: str) -> None:
    assert [(each.name, each.value) for each in found({name: "alias/a"})] == [(name, "alias/a")]


def test_what_is_inside_such_a_property_may_be_a_key_by_any_name() -> None:
    assert [(each.name, each.value) for each in found({"EncryptionKey": {"Id": "a", "Type": "KMS"}})] == [
        ("Id", "a"),
        ("Type", "KMS"),
    ]


@pytest.mark.parametrize(
    "properties",
    [{"Name": "x"}, {"Environment": {"KmsKeyId": "a"}}, {"Variables": {"KmsKeyId": "a"}}, {"Tags": [{"KeyId": "a"}]}],
)
def test_what_is_free_of_form_and_what_has_another_name_holds_no_key(properties: dict[str, Any]) -> None:
    assert found(properties) == []


@pytest.mark.parametrize("kind", ["AWS::KMS::Alias", "AWS::IAM::Policy", "AWS::CloudFormation::Stack", "Custom::It"])
def test_what_is_not_a_service_that_encrypts_is_not_looked_at(kind: str) -> None:
    assert found({"KmsKeyId": "a"}, kind) == []
