"""The judge decides as AWS documents: hand-made policies whose answer is known."""

from typing import Any

import pytest

from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, Document, KmsKey

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ACCOUNT = "arn:aws:iam::111122223333:root"
READER = "arn:aws:iam::111122223333:role/data/Reader"
DECRYPT = "kms:Decrypt"
ALLOW_DECRYPT: Document = {"Statement": [{"Effect": "Allow", "Action": DECRYPT, "Resource": KEY}]}
DENY_DECRYPT: Document = {"Statement": [{"Effect": "Deny", "Action": DECRYPT, "Resource": KEY}]}
BY_NAME = {"ArnEquals": {"aws:PrincipalArn": READER}}


def key(*statements: dict[str, Any], aliases: tuple[str, ...] = ()) -> KmsKey:
    return KmsKey(KEY, {"Statement": [{"Resource": "*", **statement} for statement in statements]}, aliases)


def allow(principal: Any = ACCOUNT, action: str = DECRYPT, **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": principal} if isinstance(principal, str) else principal,
        "Action": action,
        **more,
    }


def decrypts(
    policy: KmsKey, *iam: Document, arn: str = READER, context: dict[str, Any] | None = None, life: int = 1
) -> bool:
    return policy.allows(Caller(arn, iam, life=life), DECRYPT, context or {})


def test_a_role_named_by_identity_needs_no_iam_policy() -> None:
    assert decrypts(key(allow(READER)))
    assert not decrypts(key(allow(READER)), arn=READER + "2")
    assert not decrypts(key(allow(READER, action="kms:Encrypt")))


def test_a_role_named_by_identity_is_not_the_role_that_took_its_name_or_its_name_on_another_path() -> None:
    assert not decrypts(key(allow(READER)), life=2)
    assert not decrypts(key(allow(READER)), arn="arn:aws:iam::111122223333:role/Reader")
    assert not decrypts(key(allow(READER)), ALLOW_EVERYTHING, arn=READER.replace("1111", "4444"))


def test_the_account_gives_nothing_until_iam_does() -> None:
    assert not decrypts(key(allow(ACCOUNT)))
    assert decrypts(key(allow(ACCOUNT)), ALLOW_DECRYPT)
    assert decrypts(key(allow("111122223333")), ALLOW_DECRYPT)


def test_iam_gives_nothing_until_the_key_policy_does() -> None:
    assert not decrypts(key(allow(READER, action="kms:Encrypt")), ALLOW_EVERYTHING)


def test_a_role_named_by_name_is_known_by_its_arn_with_path_and_needs_iam() -> None:
    named = key(allow(ACCOUNT, Condition=BY_NAME))
    assert decrypts(named, ALLOW_DECRYPT)
    assert decrypts(named, ALLOW_DECRYPT, life=2)
    assert not decrypts(named)
    assert not decrypts(named, ALLOW_EVERYTHING, arn="arn:aws:iam::111122223333:role/Reader")
    assert not decrypts(named, ALLOW_EVERYTHING, arn=READER.replace("1111", "4444"))


def test_principal_arn_works_in_iam_policies_too() -> None:
    conditional = {"Statement": [{**ALLOW_DECRYPT["Statement"][0], "Condition": BY_NAME}]}
    assert decrypts(key(allow(ACCOUNT)), conditional)
    assert not decrypts(key(allow(ACCOUNT)), conditional, arn=READER + "2")


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}], ids=["star", "aws-star"])
def test_everybody_needs_no_iam_policy_in_the_account_and_one_elsewhere(principal: Any) -> None:
    policy = key({**allow(), "Principal": principal})
    assert decrypts(policy)
    assert not decrypts(policy, arn=READER.replace("1111", "4444"))
    assert decrypts(policy, ALLOW_DECRYPT, arn=READER.replace("1111", "4444"))
    assert policy.allows(Caller(service="sns.amazonaws.com"), DECRYPT, {})


def test_nothing_is_answered_to_an_unsigned_request() -> None:
    assert not key(allow("*")).allows(Caller(), DECRYPT, {})


@pytest.mark.parametrize("named", [READER.replace("1111", "4444"), ACCOUNT.replace("1111", "4444")])
def test_another_account_needs_both_policies(named: str) -> None:
    stranger = READER.replace("1111", "4444")
    assert not decrypts(key(allow(named)), arn=stranger)
    assert not decrypts(key(allow(ACCOUNT)), ALLOW_EVERYTHING, arn=stranger)
    assert decrypts(key(allow(named)), ALLOW_DECRYPT, arn=stranger)


def test_an_explicit_deny_wins_on_either_side() -> None:
    deny = {**allow(READER), "Effect": "Deny"}
    assert not decrypts(key(allow(READER), deny), ALLOW_EVERYTHING)
    assert not decrypts(key(allow(READER)), DENY_DECRYPT)
    assert not decrypts(key(allow(READER), {**deny, "Principal": "*"}))


def test_the_root_user_is_bound_by_the_key_policy() -> None:
    assert decrypts(key(allow(ACCOUNT)), arn=ACCOUNT)
    assert not decrypts(key(allow(READER)), arn=ACCOUNT)
    assert not decrypts(key(allow(ACCOUNT, Condition=BY_NAME)), arn=ACCOUNT)
    assert not decrypts(key(allow(ACCOUNT)), arn=ACCOUNT.replace("1111", "4444"))


def test_a_service_principal_is_nobody_elses() -> None:
    policy = key(allow({"Service": "sns.amazonaws.com"}))
    assert policy.allows(Caller(service="sns.amazonaws.com"), DECRYPT, {})
    assert not policy.allows(Caller(service="sqs.amazonaws.com"), DECRYPT, {})
    assert not decrypts(policy, ALLOW_EVERYTHING)
    assert not decrypts(policy, arn=ACCOUNT)
    assert not key(allow(ACCOUNT)).allows(Caller(service="sns.amazonaws.com"), DECRYPT, {})


@pytest.mark.parametrize(
    ("operator", "wanted", "right", "wrong"),
    [
        ("StringEquals", "lambda.eu-west-1.amazonaws.com", "lambda.eu-west-1.amazonaws.com", "lambda.eu-west-1"),
        ("StringEquals", "*.eu-west-1.amazonaws.com", "*.eu-west-1.amazonaws.com", "rds.eu-west-1.amazonaws.com"),
        ("StringLike", "*.eu-west-1.amazonaws.com", "rds.eu-west-1.amazonaws.com", "rds.us-east-1.amazonaws.com"),
        ("Bool", "true", "true", "false"),
        ("ForAnyValue:StringEquals", "a", ["b", "a"], ["b", "c"]),
        ("ArnEquals", "arn:aws:logs:eu-west-1:1:log-group:a-*", "arn:aws:logs:eu-west-1:1:log-group:a-1", "b"),
        ("ArnLike", "arn:aws:logs:*:1:log-group:a", "arn:aws:logs:x:1:log-group:a", "arn:aws:logs:x:2:log-group:a"),
    ],
)
def test_a_condition_holds_for_its_values_and_not_for_others_or_for_none(
    operator: str, wanted: str, right: Any, wrong: Any
) -> None:
    policy = key(allow(READER, Condition={operator: {"kms:ViaService": wanted}}))
    assert decrypts(policy, context={"kms:ViaService": right})
    assert not decrypts(policy, context={"kms:ViaService": wrong})
    assert not decrypts(policy)


def test_if_exists_holds_for_an_absent_key() -> None:
    policy = key(allow(READER, Condition={"BoolIfExists": {"kms:GrantIsForAWSResource": "true"}}))
    assert decrypts(policy)
    assert not decrypts(policy, context={"kms:GrantIsForAWSResource": "false"})


def test_condition_keys_are_alternatives_in_a_list_and_demands_side_by_side() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ["1", "2"], "kms:ViaService": "x"}, "Bool": {"a:b": "true"}}
    policy = key(allow(READER, Condition=condition))
    right = {"aws:sourceaccount": "2", "KMS:viaService": "x", "a:b": "true"}
    assert decrypts(policy, context=right)
    for name in right:
        assert not decrypts(policy, context={**right, name: "other"})


def test_an_iam_policy_may_ask_for_the_keys_aliases() -> None:
    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}
    conditional = {"Statement": [{**ALLOW_DECRYPT["Statement"][0], "Condition": condition}]}
    assert decrypts(key(allow(ACCOUNT), aliases=("alias/old", "alias/orders")), conditional)
    assert not decrypts(key(allow(ACCOUNT), aliases=("alias/old",)), conditional)
    assert not decrypts(key(allow(ACCOUNT)), conditional)


def test_an_iam_policy_may_name_another_key_and_then_says_nothing_about_this_one() -> None:
    other = {"Statement": [{**ALLOW_DECRYPT["Statement"][0], "Resource": KEY.replace("1234", "9999")}]}
    assert not decrypts(key(allow(ACCOUNT)), other)


def test_refuses_to_judge_where_a_wildcard_of_the_engine_runs_across_colons() -> None:
    policy = key(allow(READER, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:1:topic"}}))
    with pytest.raises(ValueError, match="engine and AWS must agree"):
        decrypts(policy, context={"aws:SourceArn": "arn:aws:sns:x:2:y:1:topic"})


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({**allow(), "NotPrincipal": {"AWS": READER}}, "Principal and Action"),
        ({**allow(), "NotAction": DECRYPT}, "Principal and Action"),
        (allow(READER + "*"), "no wildcard"),
        (allow(Condition={"StringMatches": {"a": "b"}}), "operator"),
        (allow(Condition={"StringEquals": {"a": "${aws:PrincipalTag/team}"}}), "variable"),
        (allow(Condition={"ArnLike": {"aws:PrincipalArn": "*"}}), "six parts"),
    ],
)
def test_refuses_to_judge_what_the_engine_reads_otherwise_than_aws(statement: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        key(statement)
