"""Nobody gets a use of a key by a tag or an alias, which whoever administers the account can change."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey
from constructs_lib.key_kind import SYMMETRIC
from tests.support.assembled import Assembled
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, REGION, LiteralTemplates, place_of
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, KmsKey

MakeApp = Callable[..., cdk.App]
Admit = Callable[[cdk.Stack, iam.IPrincipal], object]

ACTIONS = sorted(SYMMETRIC.use)
ADMITTED = {
    "tag of the key": {"StringEquals": {"aws:ResourceTag/team": "orders"}},
    "alias of the key": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}},
    "alias of the request": {"StringLike": {"kms:RequestAlias": "alias/*"}},
    "tag of the caller": {"StringEquals": {"aws:PrincipalTag/team": "orders"}},
    "tag of the caller as a value": {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalTag/account}"}},
    "tag of the key as a value": {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceTag/organization}"}},
}
WHOM = {
    "account": lambda conditions: iam.PrincipalWithConditions(iam.AccountPrincipal(ACCOUNT), conditions),
    "organization": lambda conditions: iam.PrincipalWithConditions(
        iam.OrganizationPrincipal("o-a1b2c3d4e5"), conditions
    ),
}
ALL_TRUE = {
    "aws:ResourceTag/team": "orders",
    "kms:RequestAlias": "alias/orders",
    "aws:PrincipalTag/team": "orders",
    "aws:PrincipalOrgID": "o-a1b2c3d4e5",
    "aws:PrincipalAccount": ACCOUNT,
}


def key_of(stack: cdk.Stack, construct_id: str = "Key", **options: Any) -> EncryptionKey:
    return EncryptionKey(stack, construct_id, services=[], **options)


def by_constructor(stack: cdk.Stack, who: iam.IPrincipal) -> object:
    return key_of(stack, "Another", decrypters=[who])


def by_grant(stack: cdk.Stack, who: iam.IPrincipal) -> object:
    return stack.node.find_child("Key").grant_decrypt(who)  # type: ignore[attr-defined]  # an EncryptionKey


def by_construct(stack: cdk.Stack, who: iam.IPrincipal) -> object:
    key: Any = stack.node.find_child("Key")
    return s3.Bucket(stack, "Bucket", encryption_key=key).grant_read(who)


def by_statement(stack: cdk.Stack, who: iam.IPrincipal) -> object:
    key: Any = stack.node.find_child("Key")
    statement = iam.PolicyStatement(actions=["kms:Decrypt"], principals=[who], resources=["*"])
    return key.add_to_resource_policy(statement)


def literal(app: cdk.App, accounts: dict[str, str] | None = None) -> LiteralTemplates:
    return LiteralTemplates(Assembled.read(Path(app.synth().directory)), accounts or {})


def strangers() -> Iterator[Caller]:
    for account in (ACCOUNT, OTHER_ACCOUNT):
        yield Caller(f"arn:aws:iam::{account}:role/Stranger", (ALLOW_EVERYTHING,))
        yield Caller(f"arn:aws:iam::{account}:root")


def allowed(key: KmsKey, caller: Caller, context: dict[str, Any] | None = None) -> list[str]:
    return [action for action in ACTIONS if key.allows(caller, action, context or {})]


@pytest.mark.parametrize("conditions", ADMITTED.values(), ids=ADMITTED)
@pytest.mark.parametrize("whom", WHOM.values(), ids=WHOM)
def test_refuses_a_use_by_tag_or_alias_whichever_way_it_comes_and_lets_nobody_in(
    whom: Callable[[Any], iam.IPrincipal], conditions: dict[str, Any], make_app: MakeApp
) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    key = key_of(stack, alias="orders", tags={"team": "orders"})

    for admit in (by_constructor, by_grant, by_construct, by_statement):
        with pytest.raises(
            (ConfigurationError, RuntimeError), match=r"conditions must not (make the use|let in whoever)"
        ):
            admit(stack, whom(conditions))
        stack.node.try_remove_child("Another")
    judged = literal(app).key(place_of(key))
    assert [allowed(judged, caller, ALL_TRUE) for caller in strangers()] == [[]] * 4


def far_reader(app: cdk.App) -> tuple[KmsKey, KmsKey, Caller]:
    """Give a key, another one of its account, and who may decrypt with the first from another account."""
    stack = cdk.Stack(app, "Orders")
    abroad = cdk.Stack(app, "Abroad", env=cdk.Environment(account=OTHER_ACCOUNT, region=REGION))
    key, another = key_of(stack, alias="orders"), key_of(stack, "Another", alias="payments")
    reader = iam.Role(abroad, "Reader", assumed_by=iam.AccountRootPrincipal(), role_name="Reader")
    key.grant_decrypt(reader)
    templates = literal(app, {"Abroad": OTHER_ACCOUNT})
    return templates.key(place_of(key)), templates.key(place_of(another)), templates.caller(place_of(reader))


def test_an_alias_that_is_moved_to_another_key_gives_no_use_of_that_key(make_app: MakeApp) -> None:
    key, another, reader = far_reader(make_app())

    assert allowed(key, reader) == ["kms:Decrypt"]
    assert allowed(another, reader) == []
    assert allowed(replace(another, aliases=("alias/orders", "alias/payments")), reader) == []
    assert allowed(replace(another, aliases=("alias/orders",)), reader, {"kms:RequestAlias": "alias/orders"}) == []


def test_an_alias_that_is_taken_away_takes_the_use_away(make_app: MakeApp) -> None:
    key, _, reader = far_reader(make_app())

    assert allowed(replace(key, aliases=()), reader) == []


def test_an_alias_that_is_put_on_a_key_lets_nobody_in_whose_policies_name_it(make_app: MakeApp) -> None:
    key, _, reader = far_reader(make_app())
    ours = replace(key, aliases=(*key.aliases, "alias/payments"))
    by_payments = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/payments"}}
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": by_payments}

    for account in (ACCOUNT, OTHER_ACCOUNT):
        stranger = Caller(f"arn:aws:iam::{account}:role/Stranger", ({"Statement": [statement]},))
        assert allowed(ours, stranger) == []
    assert allowed(ours, replace(reader, policies=({"Statement": [statement]},))) == ["kms:Decrypt"]
