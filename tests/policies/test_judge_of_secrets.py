"""The judge of secrets decides as AWS documents: IAM, the resource policy and the key, within and across accounts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, KmsKey
from tests.support.secret_judge import EVERY_ACTION, OPERATIONS, JudgedSecret
from tests.support.secret_requests import decide_alike

HERE, THERE = (f"arn:aws:iam::{account}:role/data/Reader" for account in (ACCOUNT, OTHER_ACCOUNT))
READ, DESCRIBE = OPERATIONS["GetSecretValue"], OPERATIONS["DescribeSecret"]


def _statement(effect: str, principal: Any, **rest: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "secretsmanager:*", "Resource": "*", **rest}


def _secret(*statements: Mapping[str, Any], to_kms: Mapping[str, str] | None = None) -> JudgedSecret:
    everybody = {"AWS": [f"arn:aws:iam::{account}:root" for account in (ACCOUNT, OTHER_ACCOUNT)]}
    said = {"Condition": {"StringEquals": to_kms}} if to_kms else {}
    trust = {"Effect": "Allow", "Principal": everybody, "Action": "kms:*", "Resource": "*", **said}
    key = KmsKey(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/orders", {"Statement": [trust]})
    return JudgedSecret(
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:orders-AbCdEf", {"Statement": [*statements]}, key
    )


@pytest.mark.parametrize("arn", [HERE, THERE])
@pytest.mark.parametrize("in_iam", [True, False])
@pytest.mark.parametrize("in_policy", [True, False])
def test_across_accounts_both_sides_must_allow_and_at_home_one(arn: str, *, in_iam: bool, in_policy: bool) -> None:
    secret = _secret(*([_statement("Allow", {"AWS": arn})] if in_policy else []))
    caller = Caller(arn, (ALLOW_EVERYTHING,) if in_iam else ())

    expected = in_iam and in_policy if arn == THERE else in_iam or in_policy

    assert secret.allows(caller, DESCRIBE, {}) is expected


@pytest.mark.parametrize("arn", [HERE, THERE])
def test_a_denial_wins(arn: str) -> None:
    caller = Caller(arn, (ALLOW_EVERYTHING,))

    assert not _secret(_statement("Allow", "*"), _statement("Deny", "*")).allows(caller, DESCRIBE, {})


def test_the_arn_of_a_principal_is_that_of_the_role_with_its_path() -> None:
    denied = _statement("Deny", "*", Condition={"ArnNotEquals": {"aws:PrincipalArn": HERE}})

    assert _secret(denied).allows(Caller(HERE, (ALLOW_EVERYTHING,)), DESCRIBE, {})
    assert not _secret(denied).allows(Caller(HERE.replace("data/", ""), (ALLOW_EVERYTHING,)), DESCRIBE, {})


def test_the_value_needs_the_key_as_well_and_the_description_does_not() -> None:
    caller = Caller(HERE, (ALLOW_EVERYTHING,))
    closed = _secret(to_kms={"kms:ViaService": f"s3.{REGION}.amazonaws.com"})

    assert not closed.allows(caller, READ, {})
    assert closed.allows(caller, DESCRIBE, {})
    assert closed.under_any_key.allows(caller, READ, {})


def test_secrets_manager_tells_kms_which_secret_it_is() -> None:
    caller = Caller(HERE, (ALLOW_EVERYTHING,))
    secret = _secret()
    right = {
        "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com",
        "kms:EncryptionContext:SecretARN": secret.arn,
    }

    assert _secret(to_kms=right).allows(caller, READ, {})
    assert not replace(_secret(to_kms=right), arn=f"{secret.arn}7").allows(caller, READ, {})


@pytest.mark.parametrize("kept", ["nothing", "the key", "the policy", "both"])
def test_who_may_change_key_and_policy_reads_after_several_steps(kept: str) -> None:
    opening = {
        "the key": ["secretsmanager:UpdateSecret", "secretsmanager:ReplicateSecretToRegions"],
        "the policy": ["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"],
    }
    denied = [
        "secretsmanager:GetSecretValue",
        *(each for what in opening if kept in {what, "both"} for each in opening[what]),
    ]
    secret = _secret(
        _statement("Deny", "*") | {"Action": denied}, to_kms={"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    )
    caller = Caller(HERE, (ALLOW_EVERYTHING,))

    states = list(secret.within_reach(caller, {}))

    assert not secret.allows(caller, READ, {})
    # Who may regulate the policy may allow himself the rest.
    assert any(each.allows(caller, READ, {}) for each in states) is (kept in {"nothing", "the key"})
    assert (len(states) == 1) is (kept == "both")


def test_a_replica_has_the_policy_of_the_secret() -> None:
    secret = _secret(_statement("Deny", "*"))

    assert secret.replica.arn == secret.arn.replace(REGION, OTHER_REGION)
    assert not secret.replica.allows(Caller(HERE, (ALLOW_EVERYTHING,)), READ, {})


def test_a_service_is_let_in_by_the_policy_alone_and_nobody_unsigned_is() -> None:
    secret = _secret(_statement("Allow", {"Service": "glue.amazonaws.com"}))

    assert secret.allows(Caller(service="glue.amazonaws.com"), DESCRIBE, {})
    assert not secret.allows(Caller(service="sns.amazonaws.com"), DESCRIBE, {})
    assert not _secret(_statement("Allow", "*")).allows(Caller(), DESCRIBE, {})


@pytest.mark.parametrize(
    ("condition", "same"),
    [
        ({"ArnNotEquals": {"aws:PrincipalArn": HERE}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": HERE}}, True),
        ({"ArnNotEquals": {"aws:PrincipalArn": [HERE, THERE]}}, False),
        ({"ArnNotLike": {"aws:PrincipalArn": HERE.replace("Reader", "*")}}, False),
        ({"ForAnyValue:ArnNotEquals": {"aws:PrincipalArn": HERE}}, False),
        ({"ArnNotEquals": {"aws:PrincipalArn": HERE}, "StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"ArnNotEquals": {"aws:PrincipalArn": HERE}, "Bool": {"aws:PrincipalIsAWSService": "false"}}, False),
    ],
    ids=["itself", "another operator", "a name more", "a pattern", "absent keys", "a condition more", "but services"],
)
def test_two_policies_are_one_if_no_request_tells_them_apart(condition: dict[str, Any], *, same: bool) -> None:
    one = _secret(_statement("Deny", "*", Condition={"ArnNotEquals": {"aws:PrincipalArn": HERE}}))
    other = _secret(_statement("Deny", "*", Condition=condition))

    assert decide_alike(one, other, EVERY_ACTION) is same
