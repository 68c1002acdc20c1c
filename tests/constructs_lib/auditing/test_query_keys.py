from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey, MacKey
from constructs_lib.auditing.query_keys import check_keys_of_queries

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
VIRGINIA = cdk.Environment(account="111122223333", region="us-east-1")
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=IRELAND)


def check(stack: cdk.Stack, **changed: Any) -> None:
    arguments: dict[str, Any] = {"trail_key": None, "keys": (), **changed}
    if "results_key" not in arguments:
        arguments["results_key"] = kms.Key.from_key_arn(stack, "Results", ARN)
    check_keys_of_queries(stack, **arguments)


def test_keys_of_every_make_work(stack: cdk.Stack) -> None:
    ours = EncryptionKey(stack, "Ours", alias="ours")
    existing = ExistingKey.from_arn(stack, "Existing", key_arn=ARN)

    for key in (ours, existing, kms.Key(stack, "OfTheCdk")):
        check(stack, results_key=key, trail_key=key, keys=[key])


def test_what_is_asked_about_may_be_a_key_of_any_kind_and_imported_from_anywhere(stack: cdk.Stack) -> None:
    elsewhere = kms.Key.from_key_arn(stack, "Elsewhere", ARN.replace("eu-west-1", "us-east-1"))

    check(stack, keys=[MacKey(stack, "Mac", alias="mac"), elsewhere])


@pytest.mark.parametrize("argument", ["results_key", "trail_key"])
def test_refuses_what_makes_no_data_keys(stack: cdk.Stack, argument: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{argument} must be a symmetric encryption key"):
        check(stack, **{argument: MacKey(stack, "Mac", alias="mac")})


@pytest.mark.parametrize("argument", ["results_key", "trail_key", "keys"])
def test_refuses_a_key_of_this_app_in_another_region(make_app: MakeApp, argument: str) -> None:
    app = make_app()
    key = kms.Key(cdk.Stack(app, "Other", env=VIRGINIA), "Key")
    changed: dict[str, Any] = {argument: [key] if argument == "keys" else key}

    with pytest.raises(ConfigurationError, match=f"{argument} must be in eu-west-1, .* got Other/Key in us-east-1"):
        check(cdk.Stack(app, "Audit", env=IRELAND), **changed)


@pytest.mark.parametrize("argument", ["results_key", "trail_key", "keys"])
def test_refuses_what_is_no_key(stack: cdk.Stack, argument: str) -> None:
    changed: dict[str, Any] = {argument: ["key"] if argument == "keys" else "key"}

    with pytest.raises(ConfigurationError, match=rf"{argument} must be (a key|keys), such as .* got 'key'"):
        check(stack, **changed)
