"""The checkers find what they claim to find: in templates made wrong by hand, and in what the CDK's own key writes."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from tests.support.assembled import Assembled
from tests.support.kms_findings import findings
from tests.support.l2_positions import IRELAND

ROOT = "arn:aws:iam::111122223333:root"
ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
KEY_ARN = {"Fn::GetAtt": ["Key", "Arn"]}
FOR_AWS = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
HOLDER = "${S/Role}"
KEY = "${S/Key.Arn}"


def allow(actions: str | list[str], **rest: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": "*", **rest}


def by_key(actions: str | list[str], principal: Any = None, **rest: Any) -> dict[str, Any]:
    return allow(actions, Principal=principal or {"AWS": ROLE_ARN}, **rest)


def by_iam(actions: str | list[str], resource: Any = KEY_ARN, **rest: Any) -> dict[str, Any]:
    return {**allow(actions, **rest), "Resource": resource}


def assembled(of_key: list[dict[str, Any]], of_iam: list[dict[str, Any]], **role: Any) -> Assembled:
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": of_key}}},
        "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/a", "TargetKeyId": {"Ref": "Key"}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Policy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": of_iam}},
        },
    }
    return Assembled(copy.deepcopy({"S": {"Resources": resources}}))


def test_an_exact_pair_is_without_fault() -> None:
    assert findings(assembled([by_key("kms:Decrypt")], [by_iam("kms:Decrypt")])) == []


def test_a_pair_by_account_and_name_is_without_fault() -> None:
    named = {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/reader"}}
    statement = by_key("kms:Decrypt", {"AWS": ROOT}, Condition=named)

    assert findings(assembled([statement], [by_iam("kms:Decrypt")], RoleName="reader", Path="/team/")) == []


def test_a_pair_narrowed_by_alias_is_without_fault() -> None:
    narrowed = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}
    statement = by_iam("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/*", Condition=narrowed)

    assert findings(assembled([by_key("kms:Decrypt")], [statement])) == []


def test_administration_by_the_account_is_without_fault() -> None:
    assert findings(assembled([by_key(["kms:PutKeyPolicy", "kms:DescribeKey"], {"AWS": ROOT})], [])) == []


PAIR_LACKS = f"{HOLDER} has kms:Decrypt by IAM, which the policy of {KEY} does not give"
IAM_LACKS = f"{HOLDER} has kms:Decrypt by the policy of {KEY}, which IAM does not give"
ANOTHER_NAME = {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/reader"}}
EVERY_ALIAS = {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/*"}}
OF_KEY, OF_IAM = "S/Key statement 0", "S/Policy statement 0"


@pytest.mark.parametrize(
    ("of_key", "of_iam", "found"),
    [
        ([], [by_iam("kms:Decrypt")], [PAIR_LACKS]),
        ([by_key("kms:Decrypt")], [], [IAM_LACKS]),
        (
            [by_key("kms:Decrypt", {"AWS": ROOT}, Condition=ANOTHER_NAME)],
            [by_iam("kms:Decrypt")],
            [PAIR_LACKS],
        ),
        (
            [by_key("kms:Decrypt*"), by_key("kms:Decrypt")],
            [by_iam(["kms:Decrypt", "kms:Decrypt*"])],
            [f"wildcard action kms:Decrypt* in {OF_KEY}", f"wildcard action kms:Decrypt* in {OF_IAM}"],
        ),
        ([], [by_iam("*", "*")], [f"wildcard action * in {OF_IAM}", f"resource * in {OF_IAM}"]),
        ([], [by_iam("kms:Decrypt", "*")], [f"resource * in {OF_IAM}"]),
        (
            [by_key("kms:Decrypt")],
            [by_iam("kms:Decrypt"), by_iam("kms:Decrypt", "arn:aws:kms:*:*:key/*", Condition=EVERY_ALIAS)],
            ["resource arn:aws:kms:*:*:key/* in S/Policy statement 1"],
        ),
        (
            [],
            [{"Effect": "Allow", "NotAction": "s3:*", "NotResource": "a"}],
            [f"NotAction in {OF_IAM}", f"NotResource in {OF_IAM}"],
        ),
        (
            [{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "NotPrincipal": {"AWS": ROOT}}],
            [],
            [f"NotPrincipal in {OF_KEY}"],
        ),
        (
            [by_key("kms:CreateGrant")],
            [by_iam("kms:CreateGrant", Condition=FOR_AWS)],
            [f"kms:CreateGrant without a condition on the grant in {OF_KEY}"],
        ),
        (
            [by_key("kms:CreateGrant", Condition=FOR_AWS)],
            [by_iam("kms:CreateGrant", Condition={"Bool": {"kms:GrantIsForAWSResource": "false"}})],
            [f"kms:CreateGrant without a condition on the grant in {OF_IAM}"],
        ),
        (
            [by_key(["kms:CreateGrant", "kms:Encrypt"], Condition=FOR_AWS)],
            [by_iam(["kms:CreateGrant", "kms:Encrypt"], Condition=FOR_AWS)],
            [f"kms:CreateGrant beside other actions in {OF_KEY}"],
        ),
        (
            [by_key(["kms:ReEncryptFrom", "kms:ReEncryptTo"])],
            [by_iam(["kms:ReEncryptFrom", "kms:ReEncryptTo"])],
            [f"kms:ReEncryptFrom without kms:Decrypt in {place}" for place in (OF_KEY, OF_IAM)],
        ),
        (
            [by_key("kms:GenerateDataKeyPair", {"Service": "events.amazonaws.com"})],
            [],
            [f"kms:GenerateDataKeyPair in {OF_KEY}"],
        ),
        ([by_key("kms:DescribeKey", "*")], [], [f"everybody in {OF_KEY}"]),
        ([by_key("kms:DescribeKey", {"AWS": "*"})], [], [f"everybody in {OF_KEY}"]),
        ([by_key("kms:Decrypt", {"AWS": ROOT})], [], [f"kms:Decrypt for the whole account in {OF_KEY}"]),
        (
            [by_key("kms:Decrypt", Condition={"StringEquals": {"aws:PrincipalOrgID": {"Ref": "Policy"}}})],
            [by_iam("kms:Decrypt")],
            ["cycle in S: Key -> Policy -> Key"],
        ),
    ],
    ids=lambda value: value[0] if value and isinstance(value[0], str) else "",
)
def test_a_fault_is_found(of_key: list[dict[str, Any]], of_iam: list[dict[str, Any]], found: list[str]) -> None:
    assert findings(assembled(of_key, of_iam)) == found


def test_a_fault_in_an_inline_policy_is_found() -> None:
    inline = {"PolicyName": "P", "PolicyDocument": {"Statement": by_iam("kms:Decrypt")}}

    assert findings(assembled([], [], Policies=[inline])) == [PAIR_LACKS]


def test_the_cdks_own_key_shows_wildcards_and_trust_of_the_whole_account(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "S", env=IRELAND)
    kms.Key(stack, "Key").grant_decrypt(iam.User(stack, "User"))

    assert findings(Assembled.read(Path(app.synth().directory))) == [
        "wildcard action kms:* in S/Key961B73FD statement 0",
        "kms:* for the whole account in S/Key961B73FD statement 0",
        "${S/User00B015A1} has kms:Decrypt by IAM, which the policy of ${S/Key961B73FD.Arn} does not give",
    ]


def test_the_cdks_own_key_opens_all_keys_to_a_role_of_another_region(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    elsewhere = cdk.Environment(account=IRELAND.account, region="us-east-1")
    role = iam.Role(cdk.Stack(app, "W", env=elsewhere), "Role", role_name="role", assumed_by=iam.AccountRootPrincipal())
    kms.Key(cdk.Stack(app, "S", env=IRELAND), "Key").grant_decrypt(role)
    found = findings(Assembled.read(Path(app.synth().directory)))

    assert "resource * in W/RoleDefaultPolicy5FFB7DAB statement 0" in found
