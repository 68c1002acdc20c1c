"""Each case is one thing away from a permission that may stand."""

from typing import Any

import pytest

from constructs_lib.actions import DATA_KEY_PAIRS
from constructs_lib.condition_rules import check_conditions
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import ASYMMETRIC_ENCRYPTION, SIGNING, SYMMETRIC, KeyKind
from constructs_lib.principals import Permission, Principal

READER = Principal.by_arn("arn:aws:iam::111122223333:role/Reader")
NAMED = Principal.by_name("arn:aws:iam::111122223333:role/Reader")
ACCOUNT = Principal("AWS", "arn:aws:iam::111122223333:root")
EVERYBODY = Principal("AWS", "*")
LOGS = Principal("Service", "logs.eu-west-1.amazonaws.com")
COGNITO = Principal("Federated", "cognito-identity.amazonaws.com")
CONTEXT = {"StringEquals": {"kms:EncryptionContext:tenant": ("blue",)}}
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": ("o-a1b2c3d4e5",)}}
TAGS = "conditions must not make the use of a key depend on its tags or aliases, which administrators change, got "


def check(
    principal: Principal, conditions: Any, *actions: str, kind: KeyKind = SYMMETRIC, effect: Any = "Allow"
) -> None:
    check_conditions(Permission(principal, actions or ("kms:Decrypt",), conditions, effect), kind.use)


def equals(name: str, value: str = "blue", operator: str = "StringEquals") -> dict[str, dict[str, tuple[str, ...]]]:
    return {operator: {name: (value,)}}


def refusal(*arguments: Any, **options: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        check(*arguments, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    "action", ["kms:Decrypt", "kms:Encrypt", "kms:ReEncryptTo", "kms:CreateGrant", DATA_KEY_PAIRS[0]]
)
def test_a_context_may_stand_on_what_carries_one(action: str) -> None:
    check(READER, CONTEXT, action)


@pytest.mark.parametrize(
    "name", ["kms:EncryptionContext:tenant", "KMS:encryptioncontext:a:b", "kms:EncryptionContextKeys"]
)
def test_refuses_a_context_on_what_carries_none(name: str) -> None:
    said = refusal(READER, equals(name), "kms:Decrypt", "kms:DescribeKey")

    assert said == (
        f"conditions must bind an encryption context only to actions that carry one, got {name} on kms:DescribeKey; "
        "allow these to the principal without the context, beside it"
    )


@pytest.mark.parametrize(("kind", "action"), [(ASYMMETRIC_ENCRYPTION, "kms:Decrypt"), (SIGNING, "kms:Sign")])
def test_refuses_a_context_with_a_key_that_takes_none(kind: KeyKind, action: str) -> None:
    assert f"only to actions that carry one, got kms:EncryptionContext:tenant on {action}" in refusal(
        READER, CONTEXT, action, kind=kind
    )


def test_a_refusal_names_three_actions_and_counts_the_others() -> None:
    actions = ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants", "kms:ListKeyPolicies", "kms:TagResource")

    assert "on kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants and 2 others;" in refusal(READER, CONTEXT, *actions)


def test_a_service_may_have_a_context_on_what_carries_none_as_constructs_of_the_cdk_write_it() -> None:
    check(LOGS, CONTEXT, "kms:Decrypt", "kms:DescribeKey")


@pytest.mark.parametrize(
    "name", ["aws:ResourceTag/team", "AWS:resourcetag/team", "kms:ResourceAliases", "kms:RequestAlias"]
)
@pytest.mark.parametrize("operator", ["StringEquals", "ForAnyValue:StringLike", "StringNotEquals", "Null"])
@pytest.mark.parametrize("principal", [READER, NAMED, ACCOUNT, EVERYBODY, LOGS], ids=lambda each: each.value[:14])
def test_refuses_a_use_by_a_tag_or_an_alias_of_the_key(principal: Principal, operator: str, name: str) -> None:
    assert refusal(principal, equals(name, operator=operator)) == TAGS + name


@pytest.mark.parametrize("principal", [ACCOUNT, EVERYBODY], ids=["account", "everybody"])
@pytest.mark.parametrize("action", ["kms:Encrypt", "kms:CreateGrant"])
def test_refuses_whoever_carries_a_tag(principal: Principal, action: str) -> None:
    assert refusal(principal, equals("aws:PrincipalTag/team"), action) == (
        f"conditions must not let in whoever carries a tag, got aws:PrincipalTag/team for {principal.value}; "
        "name the role"
    )


@pytest.mark.parametrize("principal", [READER, NAMED], ids=["identity", "name"])
def test_a_tag_may_narrow_somebody_who_is_named(principal: Principal) -> None:
    check(principal, equals("aws:PrincipalTag/team"))
    check(principal, equals("kms:EncryptionContext:tenant", "${aws:PrincipalTag/tenant}"))


def by_pattern(resource: str) -> Principal:
    return Principal.by_name(f"arn:aws:iam::111122223333:{resource}")


SET = "role/aws-reserved/sso.amazonaws.com"


@pytest.mark.parametrize(
    "resource", [f"{SET}/AWSReservedSSO_Readers_{'?' * 16}", f"{SET}/*/AWSReservedSSO_Readers_{'?' * 16}"]
)
def test_a_tag_may_narrow_a_permission_set(resource: str) -> None:
    check(by_pattern(resource), equals("aws:PrincipalTag/team"))


@pytest.mark.parametrize(
    "resource",
    [
        "role/*",
        "role/Reader*",
        "role/team/??????",
        f"{SET}/*",
        f"{SET}/AWSReservedSSO_*_{'?' * 16}",
        f"{SET}/AWSReservedSSO_Readers_*",
        f"role/team/AWSReservedSSO_Readers_{'?' * 16}",
        "role/${aws:username}",
    ],
)
def test_refuses_whoever_carries_a_tag_among_those_that_a_pattern_names(resource: str) -> None:
    assert refusal(by_pattern(resource), equals("aws:PrincipalTag/team")).startswith(
        "conditions must not let in whoever carries a tag, got aws:PrincipalTag/team for "
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("${aws:PrincipalTag/tenant}", "must not let in whoever carries a tag, got aws:PrincipalTag/tenant"),
        ("a-${aws:username}-${AWS:PRINCIPALTAG/tenant}", "must not let in whoever carries a tag, got AWS:PRINCIPALTAG"),
        ("${aws:ResourceTag/owner}", "must not make the use of a key depend on its tags or aliases"),
    ],
)
def test_refuses_a_tag_as_the_value_of_a_condition(value: str, said: str) -> None:
    assert said in refusal(ACCOUNT, equals("kms:EncryptionContext:tenant", value))


def test_placeholders_of_ours_are_no_variables() -> None:
    check(ACCOUNT, equals("aws:PrincipalAccount", "${AWS::AccountId}"))
    check(ACCOUNT, equals("aws:SourceArn", "${S/Topic/Resource.Ref}"))


def test_tags_may_say_who_administers() -> None:
    check(ACCOUNT, equals("aws:PrincipalTag/team"), "kms:DescribeKey", "kms:EnableKey")


@pytest.mark.parametrize("name", ["aws:ResourceTag/team", "aws:PrincipalTag/team", "kms:EncryptionContext:tenant"])
def test_whatever_may_deny(name: str) -> None:
    check(EVERYBODY, equals(name), "kms:Decrypt", "kms:DescribeKey", effect="Deny")


@pytest.mark.parametrize(
    "provider", ["cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"]
)
def test_refuses_everybody_of_a_provider_that_is_no_accounts(provider: str) -> None:
    for conditions in ({}, equals(f"{provider}:sub"), equals(f"{provider}:aud", operator="StringLike")):
        assert refusal(Principal("Federated", provider), conditions) == (
            f"conditions must say whose application it is for {provider}, which is everybody's: StringEquals on "
            f"{provider}:aud or {provider}:app_id, got none"
        )


@pytest.mark.parametrize("value", ["${accounts.google.com:aud}", "${Accounts.Google.com:AUD}", "${*}"])
def test_refuses_an_application_that_whoever_asks_names_himself(value: str) -> None:
    conditions = equals("accounts.google.com:aud", value)

    assert "must say whose application it is for accounts.google.com" in refusal(
        Principal("Federated", "accounts.google.com"), conditions
    )


@pytest.mark.parametrize(
    ("provider", "conditions"),
    [
        ("cognito-identity.amazonaws.com", equals("cognito-identity.amazonaws.com:aud", "eu-west-1:pool")),
        ("graph.facebook.com", equals("graph.facebook.com:app_id", "1234")),
        ("arn:aws:iam::111122223333:saml-provider/Idp", {}),
        ("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", {}),
        ("${S/Provider/Resource.Arn}", {}),
    ],
)
def test_one_application_or_a_provider_of_an_account_may_be_let_in(provider: str, conditions: Any) -> None:
    check(Principal("Federated", provider), conditions)
