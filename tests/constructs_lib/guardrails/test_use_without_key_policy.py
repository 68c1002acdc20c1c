"""IAM policies written by hand against a key policy written by hand: what the key policy lacks is found."""

from typing import Any

import pytest

from constructs_lib.actions import SYMMETRIC_KEY
from constructs_lib.guardrails.cloud_templates import CloudTemplates, Located
from constructs_lib.guardrails.use_without_key_policy import uses_without_key_policy

ACCOUNT = "111122223333"
ARN = {"Fn::GetAtt": ["Key", "Arn"]}
ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
KEY = Located("S", "Key")


def allow(principal: Any, *actions: str, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def document(*actions: str, resource: Any = ARN, effect: str = "Allow") -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Action": list(actions), "Resource": resource}]}


def policy(*actions: str, **options: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": document(*actions, **options)},
    }


def missing(
    key_policy: list[Any], other: dict[str, Any], role: dict[str, Any] | None = None
) -> list[tuple[Any, tuple[str, ...]]]:
    """Give holder and missing actions of each use that is found."""
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": key_policy}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role or {}},
        **other,
    }
    found = uses_without_key_policy(CloudTemplates({"S": {"Resources": resources}}), [KEY])
    assert all(use.key == KEY for use in found)
    return [
        (
            use.holder if isinstance(use.holder, str) else use.holder.logical_id,
            tuple(a.removeprefix("kms:") for a in use.missing),
        )
        for use in found
    ]


EVERYTHING = tuple(sorted(action.removeprefix("kms:") for action in SYMMETRIC_KEY))


@pytest.mark.parametrize(
    ("actions", "lacking"),
    [
        (["kms:Decrypt"], ("Decrypt",)),
        (["KMS:decrypt"], ("Decrypt",)),
        (["kms:Encrypt", "kms:Decrypt"], ("Decrypt", "Encrypt")),
        (["kms:GenerateDataKeyW*"], ("GenerateDataKeyWithoutPlaintext",)),
        (["kms:GenerateDataKeyP*"], ("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")),
        (["kms:CreateGrant"], ("CreateGrant",)),
        (["kms:*Grant"], ("CreateGrant", "RetireGrant", "RevokeGrant")),
        (["kms:ReEncrypt*"], ("ReEncryptFrom", "ReEncryptTo")),
        (["kms:[DE]*", "kms:?ecrypt"], ("Decrypt",)),
        (["kms:*"], EVERYTHING),
        (["*"], EVERYTHING),
        (["kms:ScheduleKeyDeletion"], ("ScheduleKeyDeletion",)),
        (["s3:GetObject", "kms:Decrypt"], ("Decrypt",)),
    ],
)
def test_what_iam_allows_and_the_key_policy_does_not_is_found(actions: list[str], lacking: tuple[str, ...]) -> None:
    assert missing([], {"P": policy(*actions)}) == [("Role", lacking)]


@pytest.mark.parametrize("actions", [["s3:*"], ["kms:ListKeys"], ["kms:Sign"], []])
def test_what_a_key_policy_cannot_give_is_not_missed(actions: list[str]) -> None:
    assert missing([], {"P": policy(*actions)}) == []


@pytest.mark.parametrize(
    "holder",
    [
        {
            "Type": "AWS::IAM::Policy",
            "Properties": {"Users": [{"Ref": "Role"}], "PolicyDocument": document("kms:Decrypt")},
        },
        {
            "Type": "AWS::IAM::Policy",
            "Properties": {"Groups": [{"Ref": "Role"}], "PolicyDocument": document("kms:Decrypt")},
        },
        {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": document("kms:Decrypt")},
        },
        {
            "Type": "AWS::IAM::RolePolicy",
            "Properties": {"RoleName": {"Ref": "Role"}, "PolicyDocument": document("kms:Decrypt")},
        },
        {
            "Type": "AWS::IAM::UserPolicy",
            "Properties": {"UserName": {"Ref": "Role"}, "PolicyDocument": document("kms:Decrypt")},
        },
    ],
    ids=["users", "groups", "managed", "role-policy", "user-policy"],
)
def test_every_kind_of_policy_is_read(holder: dict[str, Any]) -> None:
    assert missing([], {"P": holder}) == [("Role", ("Decrypt",))]


def test_inline_policies_of_a_role_are_read() -> None:
    role = {"Policies": [{"PolicyDocument": document("kms:Decrypt")}]}

    assert missing([], {}, role) == [("Role", ("Decrypt",))]
    assert missing([allow({"AWS": ROLE_ARN}, "kms:Decrypt")], {}, role) == []


def test_a_managed_policy_that_a_role_attaches_by_itself_is_read() -> None:
    managed = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document("kms:Decrypt")}}
    role = {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess", {"Ref": "M"}]}

    assert missing([], {"M": managed}, role) == [("Role", ("Decrypt",))]
    assert missing([], {"M": managed}) == []


@pytest.mark.parametrize(
    "resource", [ARN, [ARN], ["arn:aws:s3:::x", ARN], {"Fn::Join": ["", [ARN]]}, {"Fn::Sub": ["${K}", {"K": ARN}]}]
)
def test_the_key_is_found_in_any_form_of_resource(resource: Any) -> None:
    assert missing([], {"P": policy("kms:Decrypt", resource=resource)}) == [("Role", ("Decrypt",))]


@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::x", {"Fn::GetAtt": ["Role", "Arn"]}])
def test_statements_on_something_else_are_none_of_the_key(resource: Any) -> None:
    assert missing([], {"P": policy("kms:Decrypt", resource=resource)}) == []


def test_a_denial_allows_nothing_and_is_not_found() -> None:
    assert missing([], {"P": policy("kms:Decrypt", effect="Deny")}) == []


def test_a_denial_in_the_key_policy_names_nobody() -> None:
    denied = {**allow({"AWS": ROLE_ARN}, "kms:Decrypt"), "Effect": "Deny"}

    assert missing([denied], {"P": policy("kms:Decrypt")}) == [("Role", ("Decrypt",))]


ROOT = f"arn:aws:iam::{ACCOUNT}:root"
NAMED = {"RoleName": "Reader", "Path": "/team/"}


def by_name(arn: Any, operator: str = "ArnEquals") -> dict[str, Any]:
    return allow({"AWS": ROOT}, "kms:Decrypt", **{operator: {"aws:PrincipalArn": arn}})


@pytest.mark.parametrize(
    ("statement", "role"),
    [
        (allow({"AWS": ROLE_ARN}, "kms:Decrypt"), {}),
        (allow({"AWS": ["arn:aws:iam::111122223333:role/x", ROLE_ARN]}, "kms:Encrypt", "kms:Decrypt"), {}),
        (allow({"AWS": ROLE_ARN}, "kms:Decrypt", StringEquals={"kms:ViaService": "s3.eu-west-1.amazonaws.com"}), {}),
        (allow({"AWS": ROOT}, "kms:Decrypt"), {}),
        (allow({"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}, "kms:Decrypt"), {}),
        (allow("*", "kms:Decrypt", StringEquals={"kms:CallerAccount": ACCOUNT}), {}),
        (allow({"AWS": f"arn:aws:iam::{ACCOUNT}:role/team/Reader"}, "kms:Decrypt"), NAMED),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/team/Reader"), NAMED),
        (by_name(["arn:aws:iam::1:role/x", f"arn:aws:iam::{ACCOUNT}:role/team/Reader"]), NAMED),
        (by_name({"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":role/team/Reader"]]}), NAMED),
        (
            by_name(f"arn:aws:iam::{ACCOUNT}:role/r-eu-west-1"),
            {"RoleName": {"Fn::Join": ["", ["r-", {"Ref": "AWS::Region"}]]}},
        ),
        (
            by_name({"Fn::Join": ["", [f"arn:aws:iam::{ACCOUNT}:role/r-", {"Ref": "AWS::Region"}]]}),
            {"RoleName": {"Fn::Join": ["", ["r-", {"Ref": "AWS::Region"}]]}},
        ),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/W-Role-*", "ArnLike"), {}),
    ],
)
def test_a_holder_that_the_key_policy_names_is_in_order(statement: dict[str, Any], role: dict[str, Any]) -> None:
    assert missing([statement], {"P": policy("kms:Decrypt")}, role) == []


@pytest.mark.parametrize(
    ("statement", "role"),
    [
        (allow({"AWS": {"Fn::GetAtt": ["Other", "Arn"]}}, "kms:Decrypt"), {}),
        (allow({"AWS": ROLE_ARN}, "kms:Encrypt"), {}),
        (allow({"Service": "sns.amazonaws.com"}, "kms:Decrypt"), {}),
        (allow({"AWS": f"arn:aws:iam::{ACCOUNT}:role/Reader"}, "kms:Decrypt"), NAMED),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/Reader"), NAMED),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/team/Reader2"), NAMED),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/team/Reader"), {}),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/W-Other-*", "ArnLike"), {}),
        (
            by_name(f"arn:aws:iam::{ACCOUNT}:role/s-eu-west-1"),
            {"RoleName": {"Fn::Join": ["", ["r-", {"Ref": "AWS::Region"}]]}},
        ),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-eu-west-1"), {}),
    ],
)
def test_a_holder_whom_the_key_policy_does_not_mean_is_found(statement: dict[str, Any], role: dict[str, Any]) -> None:
    assert missing([statement], {"P": policy("kms:Decrypt")}, role) == [("Role", ("Decrypt",))]


@pytest.mark.parametrize(
    ("arn", "found"), [("role/Reader", []), ("role/path/Reader", []), ("role/Writer", [("Reader", ("Decrypt",))])]
)
def test_a_role_that_is_not_in_the_app_is_known_by_its_name(arn: str, found: list[Any]) -> None:
    imported = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": ["Reader"], "PolicyDocument": document("kms:Decrypt")},
    }

    assert missing([allow({"AWS": f"arn:aws:iam::{ACCOUNT}:{arn}"}, "kms:Decrypt")], {"P": imported}) == found


def test_keys_of_others_are_not_watched() -> None:
    resources = {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}, "P": policy("kms:Decrypt")}

    assert uses_without_key_policy(CloudTemplates({"S": {"Resources": resources}}), []) == []
