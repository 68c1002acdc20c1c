from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError, ExistingKey, MultiRegionKey
from tests.support.synthesised import app_of
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import OTHER_ACCOUNT, OTHER_REGION, THERE, messages, names_of, stack_of, watched

if TYPE_CHECKING:
    from collections.abc import Callable


def alias_of(stack: cdk.Stack) -> kms.IKey:
    return kms.Key(stack, "Key").add_alias("alias/by-alias")


def looked_up(stack: cdk.Stack) -> kms.IKey:
    return ExistingKey.from_lookup(stack, "Key", alias="looked-up")


def with_alias(stack: cdk.Stack) -> kms.IKey:
    return kms.Key(stack, "Key", alias="alias/of-the-cdk")


def nameless(stack: cdk.Stack) -> kms.IKey:
    return kms.Key.from_key_arn(stack, "Key", THERE)


@pytest.mark.parametrize(
    ("make", "called"),
    [(alias_of, "alias/by-alias"), (looked_up, "alias/looked-up"), (with_alias, "alias/of-the-cdk"), (nameless, None)],
)
def test_a_key_of_any_make_is_called_by_its_alias_or_where_it_is(
    make: "Callable[[cdk.Stack], kms.IKey]", called: str | None
) -> None:
    stack = stack_of()

    names = names_of(watched(stack, keys=[make(stack)]))

    assert f"{called or 'Orders/Key'}: disabled" in names
    assert ("Aliases of watched keys" in names) is (called is not None)


def test_a_mapping_names_a_key_whose_alias_nobody_sees() -> None:
    stack = stack_of()

    names = names_of(watched(stack, keys={"orders": ExistingKey.from_arn(stack, "Key", key_arn=THERE)}))

    assert {"alias/orders: disabled", "Aliases of watched keys"} <= names
    assert not [each for each in messages(stack) if "keys-without-alias" in each]


def test_keys_whose_alias_nobody_sees_are_announced() -> None:
    stack = stack_of()

    watched(stack, keys=[with_alias(stack), ExistingKey.from_arn(stack, "There", key_arn=THERE)])

    (said,) = (each for each in messages(stack) if "keys-without-alias" in each)
    assert said.startswith("no alias is seen here of Orders/There: messages call these keys so")


def test_a_multi_region_key_is_told_when_it_is_replicated_and_so_is_its_replica() -> None:
    stack = stack_of()
    ireland = cdk.Stack(app_of(stack), "Ireland", env=cdk.Environment(account=ACCOUNT, region=OTHER_REGION))
    key = MultiRegionKey(stack, "Key", alias="everywhere", replicas=[ireland])

    here = names_of(watched(stack, keys=[key]))
    there = names_of(watched(ireland, keys=[key.in_region_of(ireland)]))

    assert "alias/everywhere: replicated" in here & there
    assert "alias/everywhere: material deleted" not in here


def test_an_imported_key_that_begins_with_mrk_may_be_replicated() -> None:
    stack = stack_of()
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab"

    assert "Orders/Key: replicated" in names_of(watched(stack, keys=[kms.Key.from_key_arn(stack, "Key", arn)]))


@pytest.mark.parametrize(
    ("keys", "refused"),
    [
        ((), "keys must name what is watched, got nothing"),
        (None, "keys must be a sequence of keys, or a mapping of alias to key, got None"),
        ("alias/orders", "keys must be a sequence of keys, or a mapping of alias to key, got 'alias/orders'"),
        (
            ["alias/orders"],
            "keys must be keys, such as EncryptionKey(...) or ExistingKey.from_arn(...), got 'alias/orders'",
        ),
    ],
)
def test_refuses_what_are_no_keys(keys: Any, refused: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        watched(stack_of(), keys=keys)
    assert str(error.value) == refused


def test_refuses_a_key_twice() -> None:
    stack = stack_of()
    keys = [kms.Key.from_key_arn(stack, "Key", THERE), ExistingKey.from_arn(stack, "Again", key_arn=THERE)]

    with pytest.raises(ConfigurationError, match=r"^keys must name each key once, got Orders/Key twice$"):
        watched(stack, keys=keys)


def test_refuses_a_key_that_is_known_by_its_alias_alone() -> None:
    stack = stack_of()
    refused = (
        r"^keys must be known by their ARN, by which events name them, such as ExistingKey\.from_lookup\(\.\.\.\), got "
        "Orders/Key, known by alias/orders$"
    )

    with pytest.raises(ConfigurationError, match=refused):
        watched(stack, keys=[ExistingKey.from_alias(stack, "Key", alias="orders")])


@pytest.mark.parametrize(
    ("arn", "refused"),
    [
        (THERE.replace(REGION, OTHER_REGION), f"keys must be of Region {REGION}, whose events the rules see, got"),
        (THERE.replace(ACCOUNT, OTHER_ACCOUNT), f"keys must be of account {ACCOUNT}, whose events the rules see, got"),
    ],
)
def test_refuses_a_key_elsewhere(arn: str, refused: str) -> None:
    stack = stack_of()

    with pytest.raises(ConfigurationError, match=f"^{refused} Orders/Key of "):
        watched(stack, keys=[ExistingKey.from_arn(stack, "Key", key_arn=arn)])
