"""Further aliases: each way of saying one, and that no key gets one twice."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib import ConfigurationError, ExistingKey, KeySuccession, SigningKey
from tests.support.synthesised import resources, template_of

MakeApp = Callable[..., cdk.App]
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))


def succession(stack: cdk.Stack) -> KeySuccession:
    return KeySuccession(stack, "Succession", alias="first", current=SigningKey(stack, "Key", alias="first-key"))


HOLDERS: dict[str, Callable[[cdk.Stack], Any]] = {
    "key": lambda stack: SigningKey(stack, "Key", alias="first"),
    "succession": succession,
    "existing key": lambda stack: ExistingKey.from_arn(stack, "Key", key_arn=ARN),
}


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("alias", ["team/second", "alias/team/second"])
def test_a_further_alias_points_to_the_key(holder: str, alias: str, stack: cdk.Stack) -> None:
    HOLDERS[holder](stack).add_alias(alias)

    names = [each["Properties"]["AliasName"] for each in resources(template_of(stack), "AWS::KMS::Alias").values()]
    assert names.count("alias/team/second") == 1


@pytest.mark.parametrize("holder", HOLDERS)
def test_refuses_an_alias_that_the_key_got_before(holder: str, stack: cdk.Stack) -> None:
    key = HOLDERS[holder](stack)
    key.add_alias("second")

    with pytest.raises(ConfigurationError, match=r"^\[S/.*\] alias must be another than the key has, .*got 'alias/sec"):
        key.add_alias("alias/second")


@pytest.mark.parametrize("holder", ["key", "succession"])
def test_refuses_the_alias_of_the_constructor(holder: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"alias must be another than the key has, alias/first, got 'first'$"):
        HOLDERS[holder](stack).add_alias("first")


def test_refuses_two_names_that_are_one_construct_id(stack: cdk.Stack) -> None:
    key = HOLDERS["key"](stack)
    key.add_alias("a/b")

    with pytest.raises(ConfigurationError, match=r"alias must be another than the key has, .*alias/a/b, got 'a--b'$"):
        key.add_alias("a--b")


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("alias", [1, None, "", "a b", "alias/alias/x", f"{ARN}/x"])
def test_refuses_what_is_no_name(holder: str, alias: Any, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^alias must be (1 to 250|a name such as orders)"):
        HOLDERS[holder](stack).add_alias(alias)
