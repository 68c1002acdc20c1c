"""Which keys a dashboard takes, and by which name it shows them."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey, KeyMaterial, SigningKey
from constructs_lib.dashboards.shown_key import MOST_KEYS, shown_keys

MINE = cdk.Environment(account="111122223333", region="eu-west-1")
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
Given = Callable[[cdk.Stack], Any]


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "S", env=MINE)


def _scope(stack: cdk.Stack, name: str) -> cdk.Stack:
    return cdk.NestedStack(stack, name)  # so that each test has ids of its own


def test_keys_of_this_library_and_of_the_cdk_are_shown_by_their_own_alias(stack: cdk.Stack) -> None:
    scope = _scope(stack, "Own")
    keys: list[Any] = [
        EncryptionKey(scope, "A", alias="orders"),
        kms.Key(scope, "B", alias="alias/plain"),
        SigningKey(scope, "C", alias="receipts"),
        EncryptionKey(scope, "D", alias="partner", material=KeyMaterial.IMPORTED),
    ]

    shown = shown_keys(scope, keys)

    assert [(each.alias, each.may_expire, each.may_rotate) for each in shown] == [
        ("alias/orders", False, True),
        ("alias/plain", False, True),
        ("alias/receipts", False, False),
        ("alias/partner", True, True),
    ]
    assert [(each.key_id, each.key_arn) for each in shown] == [(key.key_id, key.key_arn) for key in keys]


def test_a_mapping_names_keys_whose_alias_nobody_sees(stack: cdk.Stack) -> None:
    scope = _scope(stack, "Named")
    imported = kms.Key.from_key_arn(scope, "A", ARN)

    (shown,) = shown_keys(scope, {"orders": imported})

    assert (shown.alias, shown.key_id, shown.key_arn) == ("alias/orders", ARN.rpartition("/")[2], ARN)
    assert (shown.may_expire, shown.may_rotate) == (True, True)


def test_an_alias_beside_a_key_that_is_given_later_is_its_alias(stack: cdk.Stack) -> None:
    scope = _scope(stack, "Later")
    key = kms.Key(scope, "A")
    key.add_alias("later")

    assert [each.alias for each in shown_keys(scope, [key])] == ["alias/later"]


def _elsewhere(arn: str) -> Given:
    return lambda scope: {"orders": ExistingKey.from_arn(scope, "Elsewhere", key_arn=arn)}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda _: None, "keys must be a sequence of keys, or a mapping of alias to key, got None"),
        (lambda _: "orders", "keys must be a sequence of keys, or a mapping of alias to key, got 'orders'"),
        (lambda _: [], f"keys must be 1 to {MOST_KEYS} for one dashboard, got 0"),
        (lambda _: [None] * 201, f"keys must be 1 to {MOST_KEYS} for one dashboard, got 201"),
        (lambda _: [None], "keys[0] must be a key, such as EncryptionKey(...) or ExistingKey.from_arn(...), got None"),
        (
            lambda scope: [kms.Key(scope, "Unaliased")],
            (
                "keys[0] must be a key whose alias is seen here, or be given with it as {'orders': key}, got "
                "S/R3/Unaliased"
            ),
        ),
        (
            lambda scope: [ExistingKey.from_alias(scope, "Alone", alias="orders")],
            (
                "keys[0] must be a key whose ARN is known, since metrics name keys by ARN, got a ExistingKey "
                "S/R4/Alone that is known by its alias alone; ExistingKey.from_lookup(...) finds the key"
            ),
        ),
        (
            lambda scope: [kms.Key(scope, "Target").add_alias("orders")],
            (
                "keys[0] must be a key whose ARN is known, since metrics name keys by ARN, got a Alias "
                "S/R5/Target/Alias that is known by its alias alone; ExistingKey.from_lookup(...) finds the key"
            ),
        ),
        (
            _elsewhere(ARN.replace("eu-west-1", "us-east-1")),
            (
                "keys['orders'] must be in eu-west-1, the Region of the dashboard and of its metrics, got "
                "S/R6/Elsewhere in us-east-1"
            ),
        ),
        (
            _elsewhere(ARN.replace("111122223333", "444455556666")),
            (
                "keys['orders'] must be in 111122223333, the account of the dashboard and of its metrics, got "
                "S/R7/Elsewhere in 444455556666"
            ),
        ),
        (
            lambda scope: [kms.Key(scope, "Twice", alias="twice")] * 2,
            "keys[1] must be another key than those before it, got alias/twice again",
        ),
        (
            lambda scope: {"aws/s3": kms.Key(scope, "Reserved")},
            (
                "alias must be 1 to 250 letters, digits and :/_- beside a prefix alias/ and not begin with aws/, got "
                "'aws/s3'"
            ),
        ),
        (lambda scope: {1: kms.Key(scope, "Number")}, "keys must be named by aliases, got 1"),
        (
            lambda scope: [kms.Key(scope, "Token", alias=cdk.Fn.import_value("Name"))],
            "keys[0] must have a literal alias, which a person reads, got ${Token[",
        ),
    ],
)
def test_refuses_what_it_could_not_show(
    stack: cdk.Stack, request: pytest.FixtureRequest, given: Given, said: str
) -> None:
    index = request.node.callspec.indices["given"] - 2
    scope = _scope(stack, f"R{index}")

    with pytest.raises(ConfigurationError) as refusal:
        shown_keys(scope, given(scope))

    assert str(refusal.value).startswith(said)
