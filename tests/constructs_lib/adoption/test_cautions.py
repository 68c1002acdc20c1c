from typing import Any

import pytest

from constructs_lib.adoption.cautions import cautions
from constructs_lib.key_kind import SYMMETRIC
from tests.support.key_statements import ACCOUNT, READER, allow, deny
from tests.support.written_policies import written

ADMINISTRATION = allow(ACCOUNT, "kms:PutKeyPolicy", "kms:DescribeKey", sid="AccountAdministration")
DEPLOYER = "arn:aws:iam::111122223333:role/deployer"
BY_NAME: dict[str, Any] = {"ArnEquals": {"aws:PrincipalArn": READER}}
DEPLOYERS = allow(ACCOUNT, "kms:Encrypt", sid="DeployersThroughServices", ArnEquals={"aws:PrincipalArn": DEPLOYER})


def _cautions(today: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[str, ...]:
    return cautions(written(*today), written(*after), use=SYMMETRIC.use)


def test_equal_policies_need_no_caution() -> None:
    assert _cautions([ADMINISTRATION, DEPLOYERS], [ADMINISTRATION, DEPLOYERS]) == ()


def test_the_end_of_account_wide_use_names_every_action_of_use() -> None:
    (found,) = _cautions([allow(ACCOUNT, "kms:*")], [ADMINISTRATION])

    assert found == (
        f"IAM policies of {ACCOUNT} alone no longer give kms:CreateGrant, kms:Decrypt, kms:Encrypt, "
        "kms:GenerateDataKey, kms:GenerateDataKeyPair, kms:GenerateDataKeyPairWithoutPlaintext, "
        "kms:GenerateDataKeyWithoutPlaintext, kms:ReEncryptFrom, kms:ReEncryptTo: whoever needs that has to be named"
    )


def test_the_end_of_everybodys_use_is_said() -> None:
    today = [ADMINISTRATION, allow("*", "kms:Decrypt", StringEquals={"kms:CallerAccount": "111122223333"})]

    assert _cautions(today, [ADMINISTRATION]) == ("everybody loses kms:Decrypt: whoever needs that has to be named",)


def test_administration_that_ends_for_the_account_is_no_end_of_use() -> None:
    after = [allow(READER, "kms:PutKeyPolicy", "kms:DescribeKey", sid="Administrators")]

    assert _cautions([ADMINISTRATION, *after], after) == ()


def test_callers_who_lose_everything_or_some_use_are_named() -> None:
    writer = READER.replace("Reader", "Writer")
    auditor = READER.replace("Reader", "Auditor")
    today = [
        ADMINISTRATION,
        allow(READER, "kms:Decrypt"),
        allow(writer, "kms:Decrypt", "kms:Encrypt"),
        allow(auditor, "kms:DescribeKey", "kms:ListGrants"),
    ]

    assert _cautions(today, [ADMINISTRATION, allow(writer, "kms:Encrypt"), allow(auditor, "kms:ListGrants")]) == (
        f"{READER} loses all access",
        f"{writer} loses kms:Decrypt",
    )


def test_whoever_is_a_pattern_from_now_on_and_loses_some_use_does_not_lose_all() -> None:
    pattern: dict[str, Any] = {"ArnLike": {"aws:PrincipalArn": READER[:-2] + "*"}}
    today = [ADMINISTRATION, allow(READER, "kms:Decrypt", "kms:Encrypt")]

    found = _cautions(today, [ADMINISTRATION, allow(ACCOUNT, "kms:Encrypt", **pattern)])

    assert found[0] == f"{READER} loses kms:Decrypt"


@pytest.mark.parametrize(
    "after",
    [
        [allow(ACCOUNT, "kms:DescribeKey")],
        [allow({"Service": "sns.amazonaws.com"}, "kms:PutKeyPolicy")],
        [allow("AROAABCDEFGHIJKLMNOPQ", "kms:PutKeyPolicy")],
        [{**ADMINISTRATION, "Resource": "arn:aws:kms:eu-west-1:1:key/2"}],
        [ADMINISTRATION, deny("*", "kms:PutKeyPolicy")],
    ],
    ids=["not said", "a service", "deleted", "another key", "denied"],
)
def test_a_policy_that_nobody_could_change_is_said_first(after: list[dict[str, Any]]) -> None:
    assert _cautions([ADMINISTRATION], after)[0] == (
        "the policy of the template lets nobody call kms:PutKeyPolicy: KMS refuses it"
    )


@pytest.mark.parametrize(
    "after",
    [
        [ADMINISTRATION],
        [allow(ACCOUNT, "kms:PutKeyPolicy", **BY_NAME)],
        [allow("${Deployer.Arn}", "kms:PutKeyPolicy")],
        [ADMINISTRATION, deny("*", "kms:PutKeyPolicy", Bool={"kms:BypassPolicyLockoutSafetyCheck": "true"})],
    ],
    ids=["account", "by name", "of the stack", "guarded"],
)
def test_a_policy_that_somebody_could_change_is_not_said_to_lock_out(after: list[dict[str, Any]]) -> None:
    assert not [found for found in _cautions([ADMINISTRATION, *after], after) if "nobody" in found]


def test_a_deployer_who_may_not_change_the_policy_of_today_is_said() -> None:
    today = [allow(READER, "kms:PutKeyPolicy")]
    after = [
        *today,
        allow(ACCOUNT, "kms:PutKeyPolicy", sid="DeployersAdminister", ArnEquals=DEPLOYERS["Condition"]["ArnEquals"]),
    ]

    (found,) = _cautions(today, after)

    assert found == (
        f"the policy of today does not let {DEPLOYER} call kms:PutKeyPolicy: let a principal that may do so add that "
        "first, or the deployment fails"
    )


@pytest.mark.parametrize(
    "admits",
    [allow(ACCOUNT, "kms:*"), allow(DEPLOYER, "kms:PutKeyPolicy"), allow("*", "kms:PutKeyPolicy")],
    ids=["through IAM", "by identity", "everybody"],
)
def test_a_deployer_who_may_change_the_policy_of_today_is_not(admits: dict[str, Any]) -> None:
    found = _cautions([admits], [ADMINISTRATION, DEPLOYERS])

    assert not [each for each in found if "the deployment fails" in each]


def test_being_named_by_name_needs_iam_policies() -> None:
    today = [ADMINISTRATION, allow(READER, "kms:Decrypt")]

    assert _cautions(today, [ADMINISTRATION, allow(ACCOUNT, "kms:Decrypt", **BY_NAME)]) == (
        f"{READER} is named by name from now on: its IAM policies have to allow what it does, too",
    )
    assert _cautions(today, [*today, allow(ACCOUNT, "kms:Encrypt", **BY_NAME)]) == ()


def test_a_denial_that_ends_is_said() -> None:
    denial = deny("*", "kms:ScheduleKeyDeletion", sid="Keep")

    assert _cautions([ADMINISTRATION, denial], [ADMINISTRATION]) == ("Keep denies nothing any more",)
    assert _cautions([ADMINISTRATION, denial], [ADMINISTRATION, denial]) == ()


def test_a_principal_that_was_deleted_is_said_and_loses_nothing() -> None:
    today = [ADMINISTRATION, allow("AROAABCDEFGHIJKLMNOPQ", "kms:Decrypt")]

    assert _cautions(today, [ADMINISTRATION]) == ("AROAABCDEFGHIJKLMNOPQ is a role or user that was deleted",)


def test_what_the_template_leaves_open_is_said() -> None:
    after = [
        allow("arn:aws:iam::${AWS::AccountId}:root", "kms:PutKeyPolicy"),
        allow("${Reader.Arn}", "kms:Decrypt", StringEquals={"kms:ViaService": "s3.${AWS::Region}.amazonaws.com"}),
    ]

    assert _cautions(after, after) == (
        "the template leaves AccountId and Region open: say --account and --region",
        "only the deployment knows ${Reader.Arn}: say --resources, if they are deployed already",
    )
