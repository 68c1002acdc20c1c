"""Every way in which a key policy names the holder of an identity policy."""

from typing import Any

import pytest

from tests.support.iam_beside_key_policy import (
    ACCOUNT,
    NAMED,
    ROLE_ARN,
    ROOT,
    allow,
    by_name,
    document,
    missing,
    policy,
)


def test_a_denial_in_the_key_policy_names_nobody() -> None:
    denied = {**allow({"AWS": ROLE_ARN}, "kms:Decrypt"), "Effect": "Deny"}

    assert missing([denied], {"P": policy("kms:Decrypt")}) == [("Role", ("Decrypt",))]


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


TOKENS = [{"Fn::ImportValue": "x"}, {"Ref": "P"}, {"Fn::GetStackOutput": {"StackName": "W", "OutputName": "x"}}]


def held_by_name_of(arn: Any) -> dict[str, Any]:
    """Give a policy of a role whose name is cut out of an ARN, as the CDK writes it."""
    last = {"Fn::Select": [5, {"Fn::Split": [":", arn]}]}
    name = {"Fn::Select": [1, {"Fn::Split": ["/", last]}]}
    return {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [name], "PolicyDocument": document("kms:Decrypt")}}


@pytest.mark.parametrize("arn", TOKENS)
def test_a_role_imported_by_what_only_the_deployment_knows_is_the_principal_that_says_the_same(arn: Any) -> None:
    assert missing([allow({"AWS": arn}, "kms:Decrypt")], {"P": held_by_name_of(arn)}) == []


@pytest.mark.parametrize("arn", TOKENS)
def test_a_role_imported_by_something_else_than_the_principal_is_found(arn: Any) -> None:
    others = [allow({"AWS": other}, "kms:Decrypt") for other in [*TOKENS, {"Ref": "PP"}] if other != arn]

    ((_, lacking),) = missing(others, {"P": held_by_name_of(arn)})
    assert lacking == ("Decrypt",)


OTHER = "222222222222"


@pytest.mark.parametrize(
    ("principal", "lacking"),
    [
        (ROOT, []),
        (ACCOUNT, []),
        ({"Ref": "AWS::AccountId"}, []),
        ({"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}, []),
        ("*", []),
        (f"arn:aws:iam::{OTHER}:root", [("Role", ("Decrypt",))]),
        (OTHER, [("Role", ("Decrypt",))]),
    ],
)
def test_an_account_allows_the_roles_of_that_account_alone(principal: Any, lacking: list[Any]) -> None:
    assert missing([allow({"AWS": principal}, "kms:Decrypt")], {"P": policy("kms:Decrypt")}, {}, ACCOUNT) == lacking


@pytest.mark.parametrize(("account", "lacking"), [(ACCOUNT, []), (OTHER, [("Role", ("Decrypt",))])])
def test_a_name_is_that_of_one_account(account: str, lacking: list[Any]) -> None:
    named = by_name(f"arn:aws:iam::{account}:role/team/Reader")

    assert missing([named], {"P": policy("kms:Decrypt")}, NAMED, ACCOUNT) == lacking


@pytest.mark.parametrize(
    ("statement", "lacking"),
    [
        (allow({"AWS": {"Fn::GetAtt": ["User", "Arn"]}}, "kms:Decrypt"), ()),
        (allow({"AWS": f"arn:aws:iam::{ACCOUNT}:user/Ann"}, "kms:Decrypt"), ()),
        (by_name(f"arn:aws:iam::{ACCOUNT}:user/Ann"), ()),
        (allow({"AWS": ROOT}, "kms:Decrypt"), ()),
        (allow({"AWS": {"Fn::GetAtt": ["User", "Arn"]}}, "kms:Encrypt"), ("Decrypt",)),
        (allow({"AWS": ROLE_ARN}, "kms:Decrypt"), ("Decrypt",)),
        (by_name(f"arn:aws:iam::{ACCOUNT}:role/Ann"), ("Decrypt",)),
    ],
)
@pytest.mark.parametrize("group", [{"Ref": "Group"}, "Readers"])
def test_a_group_may_what_the_key_policy_allows_some_user(
    group: Any, statement: dict[str, Any], lacking: tuple[str, ...]
) -> None:
    held = {"Groups": [group], "PolicyDocument": document("kms:Decrypt")}
    other = {
        "User": {"Type": "AWS::IAM::User"},
        "Group": {"Type": "AWS::IAM::Group"},
        "P": {"Type": "AWS::IAM::Policy", "Properties": held},
    }

    assert [actions for _, actions in missing([statement], other)] == ([lacking] if lacking else [])
