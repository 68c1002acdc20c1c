"""The keys behind aliases of the app, those that are imported too."""

from typing import Any

import pytest

from constructs_lib.guardrails.alias_targets import AliasTargets
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.references import References

ALIAS = {
    "Type": "AWS::KMS::Alias",
    "Properties": {
        "AliasName": "alias/orders",
        "TargetKeyId": {"Fn::Sub": "arn:${AWS::Partition}:kms:eu-west-1:111122223333:key/1234abcd"},
    },
}


@pytest.mark.parametrize(
    "value",
    [
        "alias/orders",
        {"Ref": "Alias"},
        {"Fn::Sub": "arn:aws:kms:${AWS::Region}:111122223333:${Alias}"},
        "arn:aws:kms:eu-west-1:111122223333:alias/orders",
    ],
)
def test_an_alias_stands_for_its_key(value: Any) -> None:
    targets = AliasTargets(References(CloudTemplates({"S": {"Resources": {"Alias": ALIAS}}})))

    assert "1234abcd" in targets.key_ids("S", value)


@pytest.mark.parametrize(("value", "ids"), [("alias/other", {"alias/other"}), ("5678", {"5678"}), ("", set())])
def test_anything_else_stands_for_itself(value: str, ids: set[str]) -> None:
    targets = AliasTargets(References(CloudTemplates({"S": {"Resources": {"Alias": ALIAS}}})))

    assert targets.key_ids("S", value) == ids
