"""Every way in which a statement names a key."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.use_without_key_policy import uses_without_key_policy
from tests.support.iam_beside_key_policy import ACCOUNT, ARN, ROLE_ARN, allow, missing, policy


@pytest.mark.parametrize(
    "resource",
    [
        ARN,
        [ARN],
        ["arn:aws:s3:::x", ARN],
        {"Fn::Join": ["", [ARN]]},
        {"Fn::Sub": ["${K}", {"K": ARN}]},
        {"Fn::Sub": "${Key.Arn}"},
        {"Fn::If": ["C", "arn:aws:s3:::x", ARN]},
        [{"Fn::If": ["C", {"Ref": "Role"}, ARN]}, {"Fn::If": ["C", ARN, {"Ref": "AWS::NoValue"}]}],
        {"Fn::Join": ["", [{"Fn::If": ["C", {"Ref": "Role"}, ARN]}]]},
    ],
)
def test_the_key_is_found_in_any_form_of_resource(resource: Any) -> None:
    assert missing([], {"P": policy("kms:Decrypt", resource=resource)}) == [("Role", ("Decrypt",))]


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:s3:::x",
        {"Fn::GetAtt": ["Role", "Arn"]},
        "arn:aws:kms:*",
        f"arn:aws:kms:eu-west-1:{ACCOUNT}:*",
        f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*",
        {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"},
    ],
    ids=str,
)
def test_statements_on_something_else_are_none_of_the_key(resource: Any) -> None:
    assert missing([], {"P": policy("kms:Decrypt", resource=resource)}) == []


def alias(name: str = "alias/orders", target: Any = ARN) -> dict[str, Any]:
    return {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": name, "TargetKeyId": target}}


ALIAS_ARN = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/orders"}
ALIAS_REF = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:${A}"}


@pytest.mark.parametrize("resource", [ALIAS_ARN, ALIAS_REF, f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/orders"])
def test_an_alias_arn_means_the_key(resource: Any) -> None:
    for account in ("", ACCOUNT):
        other = {"A": alias(), "P": policy("kms:Decrypt", resource=resource)}
        assert missing([], other, account=account) == [("Role", ("Decrypt",))]
        assert missing([allow({"AWS": ROLE_ARN}, "kms:Decrypt")], other, account=account) == []


def test_actions_on_an_alias_itself_are_none_of_the_key() -> None:
    actions = ("kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias")

    assert missing([], {"A": alias(), "P": policy(*actions, resource=ALIAS_ARN)}) == []


@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/other",
        "arn:aws:kms:eu-west-1:222222222222:alias/orders",
        f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/orders",
        f"arn:aws:sqs:eu-west-1:{ACCOUNT}:alias/orders",
        "alias/orders",
    ],
)
def test_an_alias_of_something_else_is_none_of_the_key(resource: str) -> None:
    assert missing([], {"A": alias(), "P": policy("kms:Decrypt", resource=resource)}, account=ACCOUNT) == []


def by_alias(resource: Any, operator: str = "ForAnyValue:StringEquals", **condition: Any) -> dict[str, Any]:
    found = policy("kms:Decrypt", resource=resource)
    found["Properties"]["PolicyDocument"]["Statement"][0]["Condition"] = {operator: condition}
    return found


RESOURCE_ALIASES = {"kms:ResourceAliases": "alias/orders"}


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"},
        f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*",
        f"arn:aws:kms:*:{ACCOUNT}:*",
        "arn:aws:kms:*:*:key/*",
    ],
)
@pytest.mark.parametrize(
    ("operator", "condition"),
    [
        ("ForAnyValue:StringEquals", RESOURCE_ALIASES),
        ("ForAnyValue:StringLike", {"kms:ResourceAliases": ["alias/x", "alias/orders"]}),
        ("ForAnyValue:StringEquals", {"kms:ResourceAliases": {"Ref": "A"}}),
        ("StringEquals", {"kms:RequestAlias": "alias/orders"}),
        ("StringEqualsIfExists", {"KMS:requestalias": "alias/orders"}),
    ],
)
def test_every_key_with_an_alias_means_the_key_that_has_it(
    resource: Any, operator: str, condition: dict[str, Any]
) -> None:
    other = {"A": alias(), "P": by_alias(resource, operator, **condition)}

    assert missing([], other, account=ACCOUNT) == [("Role", ("Decrypt",))]
    assert missing([allow({"AWS": ROLE_ARN}, "kms:Decrypt")], other, account=ACCOUNT) == []


@pytest.mark.parametrize(
    ("resource", "operator", "condition"),
    [
        ("*", "ForAnyValue:StringEquals", {"kms:ResourceAliases": "alias/other"}),
        ("*", "ForAnyValue:StringNotEquals", RESOURCE_ALIASES),
        ("*", "StringEquals", {"aws:ResourceTag/alias": "alias/orders"}),
        (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/*", "ForAnyValue:StringEquals", RESOURCE_ALIASES),
        ("arn:aws:kms:eu-west-1:222222222222:key/*", "ForAnyValue:StringEquals", RESOURCE_ALIASES),
        (f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1", "ForAnyValue:StringEquals", RESOURCE_ALIASES),
        ("arn:aws:s3:::*", "ForAnyValue:StringEquals", RESOURCE_ALIASES),
    ],
)
def test_keys_without_the_alias_are_none_of_it(resource: str, operator: str, condition: dict[str, Any]) -> None:
    other = {"A": alias(), "P": by_alias(resource, operator, **condition)}

    assert missing([], other, account=ACCOUNT) == []


@pytest.mark.parametrize("granted", [0, 1])
def test_of_two_keys_that_an_alias_may_mean_the_one_that_allows_it_is_meant(granted: int) -> None:
    def template(*, allowed: bool) -> dict[str, Any]:
        statements = [allow({"AWS": f"arn:aws:iam::{ACCOUNT}:role/Reader"}, "kms:Decrypt")] if allowed else []
        key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": statements}}}
        return {"Resources": {"Key": key, "A": alias()}}

    held = by_alias("*", **RESOURCE_ALIASES)
    held["Properties"]["Roles"] = ["Reader"]
    keys = {f"Stage{number}": template(allowed=number == granted) for number in range(2)}
    templates = CloudTemplates({**keys, "W": {"Resources": {"P": held}}})

    assert uses_without_key_policy(templates, [Located(name, "Key") for name in keys]) == []
    assert [use.key for use in uses_without_key_policy(templates, [Located(f"Stage{1 - granted}", "Key")])] == [
        Located(f"Stage{1 - granted}", "Key")
    ]
