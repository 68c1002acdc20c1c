"""Every kind of identity policy, read for what its holder may do with a key."""

from typing import Any

import pytest

from tests.support.iam_beside_key_policy import ACCOUNT, ROLE_ARN, allow, by_name, document, missing, policy


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


def permission_set(document: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSO::PermissionSet", "Properties": {"Name": "Readers", "InlinePolicy": document}}


def test_a_permission_set_is_read_and_known_by_the_name_of_its_roles() -> None:
    other = {"PS": permission_set(document("kms:Decrypt"))}
    name = "role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_"

    assert missing([], other) == [("PS", ("Decrypt",))]
    assert missing([by_name(f"arn:aws:iam::{ACCOUNT}:{name}Readers_*", "ArnLike")], other) == []
    assert missing([by_name(f"arn:aws:iam::{ACCOUNT}:{name}Read_*", "ArnLike")], other) == [("PS", ("Decrypt",))]
    literal = permission_set('{"Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}}')
    assert missing([], {"PS": literal}) == []


FUNCTION = "AWS::Serverless::Function"


@pytest.mark.parametrize(
    "policies",
    [
        [document("kms:Decrypt")],
        document("kms:Decrypt"),
        ["AWSLambdaExecute", document("kms:Decrypt")],
        [{"KMSDecryptPolicy": {"KeyId": {"Ref": "Key"}}}],
    ],
)
def test_a_serverless_function_is_read_and_known_by_the_role_that_it_brings(policies: Any) -> None:
    other = {"Fn": {"Type": FUNCTION, "Properties": {"Policies": policies}}}

    assert missing([], other) == [("FnRole", ("Decrypt",))]
    assert missing([allow({"AWS": {"Fn::GetAtt": ["FnRole", "Arn"]}}, "kms:Decrypt")], other) == []


def test_a_serverless_function_with_a_role_of_its_own_has_no_policies() -> None:
    properties = {"Role": ROLE_ARN, "Policies": [document("kms:Decrypt")]}

    assert missing([], {"Fn": {"Type": FUNCTION, "Properties": properties}}) == []


def test_a_policy_of_the_role_that_a_serverless_function_brings_is_that_roles() -> None:
    held = {
        **policy("kms:Decrypt"),
        "Properties": {**policy("kms:Decrypt")["Properties"], "Roles": [{"Ref": "FnRole"}]},
    }

    assert missing([], {"Fn": {"Type": FUNCTION}, "P": held}) == [("FnRole", ("Decrypt",))]


def test_a_statement_under_a_condition_of_the_template_is_read() -> None:
    held = policy("kms:Decrypt")
    statements = held["Properties"]["PolicyDocument"]["Statement"]
    held["Properties"]["PolicyDocument"]["Statement"] = [{"Fn::If": ["C", statements[0], {"Ref": "AWS::NoValue"}]}]

    assert missing([], {"P": held}) == [("Role", ("Decrypt",))]
