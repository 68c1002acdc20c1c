"""The phases of a key's life, deployed by the CDK CLI under the least execution policy."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, Lifecycle
from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import LocalAws
from local_aws.errors import DeploymentError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

_STACK = "Keys"
_ALIAS = "alias/orders"
_TAKEN = "alias/taken"
_CONTEXT = {"tenant": "blue"}


def _app(app: cdk.App, lifecycle: Lifecycle, *, breaks: str = "") -> cdk.Stack:
    """Define a key with its people in its own stack, and what breaks the deployment once the key is there."""
    stack = cdk.Stack(app, _STACK)
    user = iam.Role(stack, "User", assumed_by=iam.AccountRootPrincipal(), role_name="user")
    key = EncryptionKey(
        stack, "Key", alias="orders", lifecycle=lifecycle, encrypters=[user], decrypters=[user], services=[]
    )
    cdk.CfnOutput(stack, "KeyArn", value=key.key_arn)
    if breaks:
        alias = kms.CfnAlias(stack, "Broken", alias_name=breaks, target_key_id=key.key_id)
        alias.node.add_dependency(key)
    return stack


@pytest.fixture
def synthesise(make_app: Callable[..., cdk.App], tmp_path: Path) -> Callable[..., Path]:
    """Synthesise the app, each time into a folder of its own."""
    count = iter(range(100))

    def synthesise(lifecycle: Lifecycle, *, breaks: str = "", **context: str) -> Path:
        app = make_app(outdir=tmp_path / f"assembly-{next(count)}", **context)
        _app(app, lifecycle, breaks=breaks)
        return Path(app.synth().directory)

    return synthesise


@pytest.fixture(scope="module")
def running() -> Iterator[LocalAws]:
    """Start an account of its own."""
    with LocalAws() as aws:
        yield aws


@pytest.fixture
def account(running: LocalAws, synthesise: Callable[..., Path]) -> Iterator[LocalAws]:
    """Bootstrap the account with the least policy, unless it is; take away what a test left there."""
    cloudformation, kms_client = running.session().client("cloudformation"), running.session().client("kms")
    stacks = {stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]}
    if "CDKToolkit" not in stacks:
        running.bootstrap(*execution_policies(synthesise(Lifecycle.DURABLE)))
    yield running
    cloudformation.delete_stack(StackName=_STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=_STACK, WaiterConfig={"Delay": 1})
    for alias in kms_client.list_aliases()["Aliases"]:
        if alias["AliasName"] in {_ALIAS, _TAKEN}:
            kms_client.delete_alias(AliasName=alias["AliasName"])
    for key in _usable(kms_client):
        kms_client.schedule_key_deletion(KeyId=key)
    assert (_target(kms_client), _target(kms_client, _TAKEN), _usable(kms_client)) == (None, None, [])


@pytest.fixture
def kms_client(account: LocalAws) -> "KMSClient":
    return account.session().client("kms")


def _target(client: "KMSClient", alias: str = _ALIAS) -> str | None:
    found = {each["AliasName"]: each.get("TargetKeyId") for each in client.list_aliases()["Aliases"]}
    return found.get(alias)


def _usable(client: "KMSClient") -> list[str]:
    keys = [each["KeyId"] for each in client.list_keys()["Keys"]]
    return [key for key in keys if client.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"]


def _user(account: LocalAws) -> "KMSClient":
    return account.session(account.assume(f"arn:aws:iam::{account.account}:role/user")).client("kms")


@pytest.mark.parametrize("lifecycle", Lifecycle)
def test_a_first_deployment_that_fails_leaves_nothing_that_blocks_the_next(
    lifecycle: Lifecycle, account: LocalAws, kms_client: "KMSClient", synthesise: Callable[..., Path]
) -> None:
    foreign = kms_client.create_key()["KeyMetadata"]["KeyId"]
    kms_client.create_alias(AliasName=_TAKEN, TargetKeyId=foreign)

    with pytest.raises(DeploymentError, match="Broken"):
        account.deploy(synthesise(lifecycle, breaks=_TAKEN))

    assert _target(kms_client) is None
    assert _usable(kms_client) == [foreign]

    outputs = account.deploy(synthesise(lifecycle))

    assert _target(kms_client) == outputs[_STACK]["KeyArn"].rsplit("/", 1)[-1]


def test_an_ephemeral_key_goes_with_its_stack_and_comes_back_with_it(
    account: LocalAws, kms_client: "KMSClient", synthesise: Callable[..., Path]
) -> None:
    assembly = synthesise(Lifecycle.EPHEMERAL)
    first = account.deploy(assembly)[_STACK]["KeyArn"]

    account.destroy(assembly)

    assert _target(kms_client) is None
    assert kms_client.describe_key(KeyId=first)["KeyMetadata"]["KeyState"] == "PendingDeletion"

    second = account.deploy(assembly)[_STACK]["KeyArn"]

    assert first != second
    assert _target(kms_client) == second.rsplit("/", 1)[-1]


def test_a_durable_key_outlives_its_stack_and_is_taken_back(
    account: LocalAws, kms_client: "KMSClient", synthesise: Callable[..., Path], tmp_path: Path
) -> None:
    assembly = synthesise(Lifecycle.DURABLE)
    key_arn = account.deploy(assembly)[_STACK]["KeyArn"]
    key_id = key_arn.rsplit("/", 1)[-1]
    sealed = _user(account).encrypt(KeyId=_ALIAS, Plaintext=b"orders", EncryptionContext=_CONTEXT)["CiphertextBlob"]
    policy = _policy(kms_client, key_id)

    account.destroy(assembly)

    assert _target(kms_client) == key_id
    assert _usable(kms_client) == [key_id]
    assert _policy(kms_client, key_id)["Statement"][0] == policy["Statement"][0]

    with pytest.raises(DeploymentError, match=r"already exists|AlreadyExists"):
        account.deploy(assembly)

    assert _target(kms_client) == key_id
    assert _usable(kms_client) == [key_id]

    account.destroy(assembly)  # what is left of the attempt: a stack that nothing can be imported into
    resources = _resources(assembly)
    mapping = tmp_path / "keys.json"
    mapping.write_text(
        json.dumps({resources["AWS::KMS::Key"]: {"KeyId": key_id}, resources["AWS::KMS::Alias"]: {"AliasName": _ALIAS}})
    )
    taken_back = synthesise(Lifecycle.DURABLE, **{"cdk-key-management:take-back": "true"})
    account.cdk("import", _STACK, "--app", str(taken_back), "--resource-mapping", str(mapping))
    outputs = account.deploy(assembly)

    assert outputs[_STACK]["KeyArn"] == key_arn
    assert _usable(kms_client) == [key_id]
    opened = _user(account).decrypt(CiphertextBlob=sealed, EncryptionContext=_CONTEXT)["Plaintext"]
    assert opened == b"orders"


def _policy(client: "KMSClient", key_id: str) -> Any:
    return json.loads(client.get_key_policy(KeyId=key_id)["Policy"])


def _resources(assembly: Path) -> dict[str, str]:
    template = json.loads((assembly / f"{_STACK}.template.json").read_text())
    return {resource["Type"]: logical_id for logical_id, resource in template["Resources"].items()}
