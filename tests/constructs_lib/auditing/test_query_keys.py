from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey, MacKey
from constructs_lib.auditing.query_keys import QueryKeys, read_query_keys

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
VIRGINIA = cdk.Environment(account="111122223333", region="us-east-1")
OF_TRAIL = "trail.encryption_key"
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=IRELAND)


@dataclass(frozen=True)
class Trail:
    """What is asked of a trail here."""

    bucket: s3.IBucket
    encryption_key: kms.IKey | None


def read(stack: cdk.Stack, **changed: Any) -> QueryKeys:
    arguments: dict[str, Any] = {"keys": (), **changed}
    files = arguments.pop("logs", None) or s3.Bucket.from_bucket_name(stack, f"Logs{len(stack.node.children)}", "logs")
    trail: Any = Trail(files, arguments.pop(OF_TRAIL, None))
    if "results_key" not in arguments:
        arguments["results_key"] = kms.Key.from_key_arn(stack, f"Results{len(stack.node.children)}", ARN)
    return read_query_keys(stack, trail, **arguments)


def test_keys_of_every_make_work(stack: cdk.Stack) -> None:
    ours = EncryptionKey(stack, "Ours", alias="ours")
    existing = ExistingKey.from_arn(stack, "Existing", key_arn=ARN)

    for key in (ours, existing, kms.Key(stack, "OfTheCdk")):
        found = read(stack, results_key=key, keys=[key], **{OF_TRAIL: key})
        assert found == QueryKeys(of_logs=key, of_results=key, asked_about=(key,))


def test_behind_an_alias_of_this_app_is_its_key(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")
    alias = kms.Alias(stack, "Alias", alias_name="alias/audit", target_key=key)

    found = read(stack, results_key=alias, keys=[alias], **{OF_TRAIL: alias})

    assert {found.of_results, found.of_logs, *found.asked_about} == {key}


@pytest.mark.parametrize("argument", ["results_key", OF_TRAIL, "keys"])
def test_refuses_an_alias_whose_key_nobody_knows(stack: cdk.Stack, argument: str) -> None:
    alias = kms.Alias.from_alias_name(stack, "Alias", "alias/audit")
    changed: dict[str, Any] = {argument: [alias] if argument == "keys" else alias}

    with pytest.raises(ConfigurationError, match=f"{argument} must be the key itself, .* got the alias Audit/Alias"):
        read(stack, **changed)


def test_what_is_asked_about_may_be_a_key_of_any_kind_and_imported_from_anywhere(stack: cdk.Stack) -> None:
    elsewhere = kms.Key.from_key_arn(stack, "Elsewhere", ARN.replace("eu-west-1", "us-east-1"))

    read(stack, keys=[MacKey(stack, "Mac", alias="mac"), elsewhere])


@pytest.mark.parametrize("argument", ["results_key", OF_TRAIL])
def test_refuses_what_makes_no_data_keys(stack: cdk.Stack, argument: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{argument} must be a symmetric encryption key"):
        read(stack, **{argument: MacKey(stack, "Mac", alias="mac")})


@pytest.mark.parametrize("argument", ["results_key", OF_TRAIL, "keys"])
def test_refuses_a_key_of_this_app_in_another_region(make_app: MakeApp, argument: str) -> None:
    app = make_app()
    key = kms.Key(cdk.Stack(app, "Other", env=VIRGINIA), "Key")
    changed: dict[str, Any] = {argument: [key] if argument == "keys" else key}

    with pytest.raises(ConfigurationError, match=f"{argument} must be in eu-west-1, .* got Other/Key in us-east-1"):
        read(cdk.Stack(app, "Audit", env=IRELAND), **changed)


@pytest.mark.parametrize("argument", ["results_key", OF_TRAIL, "keys"])
def test_refuses_what_is_no_key(stack: cdk.Stack, argument: str) -> None:
    changed: dict[str, Any] = {argument: ["key"] if argument == "keys" else "key"}

    with pytest.raises(ConfigurationError, match=rf"{argument} must be a key, such as .* got 'key'"):
        read(stack, **changed)


def test_refuses_no_key_for_log_files_that_are_encrypted_under_one(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Encrypted", encryption_key=kms.Key(stack, "Key"))

    with pytest.raises(
        ConfigurationError, match=rf"{OF_TRAIL} must be the key of the log files, got None .* Audit/Key"
    ):
        read(stack, logs=bucket)
    assert read(stack, logs=bucket, **{OF_TRAIL: bucket.encryption_key}).of_logs is bucket.encryption_key


def test_refuses_to_ask_about_a_key_that_is_known_by_an_alias_alone(stack: cdk.Stack) -> None:
    key = ExistingKey.from_alias(stack, "Orders", alias="orders")

    with pytest.raises(ConfigurationError, match=r"^keys must be known by their ARN, .* Audit/Orders, known by alias/"):
        read(stack, keys=[key])
    assert read(stack, **{OF_TRAIL: key}).of_logs is key


def test_refuses_a_key_that_is_given_twice(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")

    with pytest.raises(ConfigurationError, match=r"^keys must name each key once, got Audit/Key twice$"):
        read(stack, keys=[key, key.add_alias("orders")])


def test_refuses_what_is_no_list_of_keys(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match="keys must be a list of keys, got None"):
        read(stack, keys=None)
