"""What functions are told of keys: each ARN as text, and each reference beside it."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.told_keys import told_keys

ARN = {"Fn::GetAtt": ["Key", "Arn"]}
PARTITION = {"Ref": "AWS::Partition"}


def told(value: Any, handler: str = "envelope.handler.encrypt") -> list[tuple[object, str]]:
    properties = {"Handler": handler, "Environment": {"Variables": {"FURTHER_KEY_ARNS": value}}}
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": properties},
    }
    found = list(told_keys(References(CloudTemplates({"S": {"Resources": resources}}))))
    assert all(each.function == Located("S", "Function") for each in found)
    return [(each.value, each.text) for each in found]


def test_each_arn_of_a_list_is_whole_although_the_deployment_completes_it() -> None:
    found = told({"Fn::Join": ["", ['["', ARN, '","arn:', PARTITION, ':kms:a:b:key/c"]']]})

    assert [text for _, text in found] == ["${S#Key.Arn}", "arn:${AWS::Partition}:kms:a:b:key/c", "", ""]
    assert [value for value, text in found if not text] == [ARN, PARTITION]


@pytest.mark.parametrize("value", ["arn:aws:kms:a:b:key/c", '["arn:aws:kms:a:b:key/c"]'])
def test_one_arn_is_told_as_it_is(value: str) -> None:
    assert told(value) == [("arn:aws:kms:a:b:key/c", "arn:aws:kms:a:b:key/c")]


def test_both_branches_of_a_condition_are_told() -> None:
    assert [text for _, text in told({"Fn::If": ["Prod", "one", "other"]})] == ["one", "other"]


def test_a_function_that_is_no_handler_is_told_nothing() -> None:
    assert told(ARN, handler="index.handler") == []
