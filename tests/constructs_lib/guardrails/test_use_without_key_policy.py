"""IAM policies written by hand against a key policy written by hand: what the key policy lacks is found."""

from typing import Any

import pytest

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.use_without_key_policy import uses_without_key_policy
from tests.support.iam_beside_key_policy import ARN, missing, policy, uses

EVERYTHING = tuple(sorted(action.removeprefix("kms:") for action in OF_KEY_POLICIES))


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


@pytest.mark.parametrize("actions", [["s3:*"], ["kms:ListKeys"], ["kms:GenerateRandom"], []])
def test_what_a_key_policy_cannot_give_is_not_missed(actions: list[str]) -> None:
    assert missing([], {"P": policy(*actions)}) == []


def test_a_denial_allows_nothing_and_is_not_found() -> None:
    assert missing([], {"P": policy("kms:Decrypt", effect="Deny")}) == []


def test_keys_of_others_are_not_watched() -> None:
    resources = {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}, "P": policy("kms:Decrypt")}

    assert uses_without_key_policy(CloudTemplates({"S": {"Resources": resources}}), []) == []


@pytest.mark.parametrize("excepted", [["kms:Encrypt", "s3:*"], "kms:Encrypt"])
def test_everything_but_some_actions_is_what_they_leave(excepted: Any) -> None:
    statement = {"Effect": "Allow", "NotAction": excepted, "Resource": ARN}
    held = {"Type": "AWS::IAM::RolePolicy", "Properties": {"RoleName": "R", "PolicyDocument": {"Statement": statement}}}

    assert missing([], {"P": held}) == [("R", tuple(action for action in EVERYTHING if action != "Encrypt"))]


IF_PROD = {"Fn::If": ["IsProd", "kms:Decrypt", {"Ref": "AWS::NoValue"}]}


@pytest.mark.parametrize(
    ("action", "lacking"),
    [
        ({"Fn::Sub": "kms:Decrypt"}, ("Decrypt",)),
        ({"Fn::Join": [":", ["kms", "Decrypt"]]}, ("Decrypt",)),
        (IF_PROD, ("Decrypt",)),
        ({"Fn::Sub": "kms:ReEncrypt${Way}"}, ("ReEncryptFrom", "ReEncryptTo")),
        ({"Ref": "Actions"}, EVERYTHING),
        ({"Fn::Split": [",", "kms:Decrypt,kms:Encrypt"]}, EVERYTHING),
        ({"Fn::Sub": "s3:Get${What}"}, ()),
    ],
    ids=str,
)
def test_an_action_that_the_template_does_not_settle_may_be_any(action: Any, lacking: tuple[str, ...]) -> None:
    found = missing([], {"P": policy(action)})

    assert found == ([("Role", lacking)] if lacking else [])


def test_an_action_that_is_put_together_counts_as_written() -> None:
    put_together: list[Any] = [{"Fn::Sub": "kms:Decrypt"}]
    (use,) = uses([], {"P": policy(*put_together)})

    assert use.unnamed == ()


@pytest.mark.parametrize("excepted", [{"Ref": "Actions"}, {"Fn::Sub": "kms:${What}"}], ids=str)
def test_an_exception_that_the_template_does_not_settle_excepts_nothing(excepted: Any) -> None:
    statement = {"Effect": "Allow", "NotAction": [excepted, {"Fn::Sub": "kms:Encrypt"}], "Resource": ARN}
    held = {"Type": "AWS::IAM::RolePolicy", "Properties": {"RoleName": "R", "PolicyDocument": {"Statement": statement}}}

    assert missing([], {"P": held}) == [("R", tuple(action for action in EVERYTHING if action != "Encrypt"))]


@pytest.mark.parametrize(
    ("effect", "allows"),
    [
        ({"Fn::If": ["IsProd", "Deny", "Allow"]}, True),
        ({"Ref": "Effect"}, True),
        ({"Fn::Sub": "Allow"}, True),
        ({"Fn::If": ["IsProd", "Deny", {"Fn::Sub": "Deny"}]}, False),
        ("allow", False),
        (None, False),
    ],
    ids=str,
)
def test_an_effect_that_the_template_does_not_settle_may_allow(effect: Any, *, allows: bool) -> None:
    assert missing([], {"P": policy("kms:Decrypt", effect=effect)}) == ([("Role", ("Decrypt",))] if allows else [])


def test_what_a_wildcard_means_is_told_from_what_is_named() -> None:
    (use,) = uses([], {"P": policy("kms:Decrypt", "kms:GenerateDataKeyP*")})

    assert use.unnamed == ("kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext")
    assert use.missing == ("kms:Decrypt", *use.unnamed)
