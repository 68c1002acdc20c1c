"""What a key and a grant cost in questions to the CDK, which is nearly all that they cost."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib import EncryptionKey
from tests.support.round_trips import counted_round_trips
from tests.support.synthesised import app_of

MakeApp = Callable[..., cdk.App]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
PEOPLE = ("administrators", "auditors", "encrypters", "decrypters", "deployers")

CREATED = 6  # the construct, the key and its removal policy, the key's id, the alias and its removal policy
GRANTED = 2  # the key policy, and the role's own


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@pytest.fixture
def new_key(stack: cdk.Stack) -> Callable[..., EncryptionKey]:
    numbers: Iterator[int] = count()

    def new_key(scope: Construct = stack, **settings: Any) -> EncryptionKey:
        number = next(numbers)
        return EncryptionKey(scope, f"Key{number}", alias=f"key/{number}", **settings)

    for _ in range(2):  # what the keys of a stack have in common is asked for by these
        new_key()
    return new_key


def test_a_further_key_of_a_stack_asks_only_what_makes_it(new_key: Callable[..., EncryptionKey]) -> None:
    with counted_round_trips() as trips:
        new_key()

    assert trips.made == CREATED


def test_a_key_in_a_construct_of_its_own_asks_in_which_stack_it_is(
    stack: cdk.Stack, new_key: Callable[..., EncryptionKey]
) -> None:
    scope = Construct(stack, "Service")
    with counted_round_trips() as trips:
        new_key(scope)

    assert trips.made == CREATED + 1


def test_people_who_are_known_cost_nothing(new_key: Callable[..., EncryptionKey]) -> None:
    people = {people: [iam.ArnPrincipal(f"arn:aws:iam::111122223333:role/{people}")] for people in PEOPLE}
    for _ in range(3):
        new_key(**people)

    with counted_round_trips() as trips:
        new_key(**people)
    assert trips.made == CREATED


def test_a_grant_to_a_role_that_is_known_writes_two_policies(
    stack: cdk.Stack, new_key: Callable[..., EncryptionKey]
) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    for _ in range(3):
        new_key().grant_decrypt(role)
    key = new_key()
    assert stack.resolve(key.key_arn)  # asked for once, by the first grant of a key

    with counted_round_trips() as trips:
        key.grant_decrypt(role)
    assert trips.made == GRANTED


def test_a_further_role_of_another_stack_is_named_in_few_questions(
    stack: cdk.Stack, new_key: Callable[..., EncryptionKey]
) -> None:
    other = cdk.Stack(app_of(stack), "Other", env=IRELAND)
    first, second = (iam.Role(other, name, assumed_by=iam.AccountRootPrincipal()) for name in ("First", "Second"))
    key = new_key()
    key.grant_decrypt(first)

    with counted_round_trips() as trips:
        key.grant_decrypt(second)
    assert trips.made <= 20


@pytest.mark.parametrize("grants", [0, 2])
def test_checking_ten_times_as_many_keys_asks_no_more(grants: int, make_app: MakeApp) -> None:
    def asked_by(keys: int) -> int:
        stack = cdk.Stack(make_app(), "S", env=IRELAND)
        roles = [iam.Role(stack, f"Role{number}", assumed_by=iam.AccountRootPrincipal()) for number in range(grants)]
        for number in range(keys):
            key = EncryptionKey(stack, f"Key{number}", alias=f"key/{number}")
            for role in roles:
                key.grant_decrypt(role)
        with counted_round_trips() as trips:
            cdk.App.of(stack).synth()  # type: ignore[union-attr]  # an app and no other stage
        return trips.made

    assert asked_by(20) == asked_by(2)
