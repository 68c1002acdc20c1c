"""Keys that are moved, renamed or changed in what cannot change: CloudFormation refuses, and the key stays as it is."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from constructs_lib import EncryptionKey, KeySuccession, SigningKey, SigningSpec
from local_aws import LocalAws
from tests.support.stack_operation import StackOperation
from tests.support.synthesised import resources, template_of

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy


Json = dict[str, Any]
Synthesise = Callable[[Callable[[cdk.Stack], object]], Json]


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """An account of this file's own: in the one that tests share there are keys that nobody may describe."""
    with LocalAws() as running:
        yield running


@pytest.fixture
def kms_client(aws: LocalAws) -> "KMSClient":
    return aws.session().client("kms")


@pytest.fixture
def stacks(make_stacks: Callable[..., StackOperation]) -> StackOperation:
    return make_stacks()


@pytest.fixture
def synthesise(make_app: Callable[..., cdk.App]) -> Synthesise:
    """Synthesise the resources of a stack."""

    def synthesise(define: Callable[[cdk.Stack], object]) -> Json:
        stack = cdk.Stack(make_app(), "Keys")
        define(stack)
        found: Json = template_of(stack)["Resources"]
        return found

    return synthesise


def _target(client: "KMSClient", alias: str) -> str:
    return client.describe_key(KeyId=f"alias/{alias}")["KeyMetadata"]["KeyId"]


def _enabled(client: "KMSClient") -> set[str]:
    keys = [each["KeyId"] for page in client.get_paginator("list_keys").paginate() for each in page["Keys"]]
    return {each for each in keys if client.describe_key(KeyId=each)["KeyMetadata"]["KeyState"] == "Enabled"}


def test_refuses_a_renamed_key_whose_alias_exists(
    stacks: StackOperation, synthesise: Synthesise, kms_client: "KMSClient"
) -> None:
    deployed = stacks.create(synthesise(lambda stack: EncryptionKey(stack, "Key", alias="renamed")))
    key, enabled = _target(kms_client, "renamed"), _enabled(kms_client)

    outcome = stacks.update(deployed.name, synthesise(lambda stack: EncryptionKey(stack, "Data", alias="renamed")))

    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any("alias/renamed already exists" in failure for failure in outcome.failures)
    assert _target(kms_client, "renamed") == key
    assert _enabled(kms_client) == enabled


def test_a_renamed_key_without_an_alias_is_another_key_and_the_old_one_stays_behind(
    stacks: StackOperation, synthesise: Synthesise, kms_client: "KMSClient"
) -> None:
    deployed = stacks.create(synthesise(lambda stack: EncryptionKey(stack, "Key")))
    enabled = _enabled(kms_client)

    outcome = stacks.update(deployed.name, synthesise(lambda stack: EncryptionKey(stack, "Data")))

    assert outcome.status == "UPDATE_COMPLETE"
    assert enabled < _enabled(kms_client)


def test_refuses_a_key_in_a_second_stack_and_lets_it_be_imported_there(
    stacks: StackOperation, synthesise: Synthesise, kms_client: "KMSClient"
) -> None:
    def define(stack: cdk.Stack) -> None:
        EncryptionKey(stack, "Key", alias="moved")

    beside = {"Beside": {"Type": "AWS::SNS::Topic"}}
    template = synthesise(define)
    old = stacks.create({**template, **beside})
    key, enabled = _target(kms_client, "moved"), _enabled(kms_client)

    refused = stacks.create(template)

    assert refused.status == "ROLLBACK_COMPLETE"
    assert any("alias/moved already exists" in failure for failure in refused.failures)

    left = stacks.update(old.name, beside)

    assert left.status == "UPDATE_COMPLETE"
    assert (_target(kms_client, "moved"), _enabled(kms_client)) == (key, enabled)

    (key_id,), (alias_id,) = (
        resources({"Resources": template}, "AWS::KMS::Key"),
        resources({"Resources": template}, "AWS::KMS::Alias"),
    )
    imported = stacks.take_back(template, {key_id: {"KeyId": key}, alias_id: {"AliasName": "alias/moved"}})
    updated = stacks.update(imported.name, {**template, **beside})

    assert (imported.status, updated.status) == ("IMPORT_COMPLETE", "UPDATE_COMPLETE")
    assert (_target(kms_client, "moved"), _enabled(kms_client)) == (key, enabled)


def test_refuses_a_renamed_succession_whose_alias_exists(
    stacks: StackOperation, synthesise: Synthesise, kms_client: "KMSClient"
) -> None:
    def releases(construct_id: str) -> Json:
        def define(stack: cdk.Stack) -> None:
            key = SigningKey(stack, "Key", alias="renamed-succession-2026")
            KeySuccession(stack, construct_id, alias="renamed-succession", current=key)

        return synthesise(define)

    deployed = stacks.create(releases("Releases"))
    key = _target(kms_client, "renamed-succession")

    outcome = stacks.update(deployed.name, releases("Signatures"))

    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert _target(kms_client, "renamed-succession") == key


def test_refuses_another_key_spec_for_a_key_that_exists(
    stacks: StackOperation, synthesise: Synthesise, kms_client: "KMSClient"
) -> None:
    def signing(spec: SigningSpec) -> Json:
        return synthesise(lambda stack: SigningKey(stack, "Key", alias="another-spec", spec=spec))

    deployed = stacks.create(signing(SigningSpec.ECC_NIST_P256))
    key, enabled = _target(kms_client, "another-spec"), _enabled(kms_client)

    outcome = stacks.update(deployed.name, signing(SigningSpec.ECC_NIST_P384))

    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert (_target(kms_client, "another-spec"), _enabled(kms_client)) == (key, enabled)
    assert kms_client.describe_key(KeyId=key)["KeyMetadata"]["KeySpec"] == "ECC_NIST_P256"
