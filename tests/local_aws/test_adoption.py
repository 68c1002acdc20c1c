"""A key that a plain `kms.Key` made becomes an `EncryptionKey`: compared first, then imported or updated in place."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from botocore.exceptions import ClientError

from constructs_lib import EncryptionKey
from constructs_lib.adoption.__main__ import main
from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

_STACK, _ALIAS, _CURIOUS, _USER = "Orders", "alias/adopted", "curious-about-adoption", "user-of-adopted"
_USE = {"Effect": "Allow", "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*"}
_TAKE_BACK = {"cdk-key-management:take-back": "true"}


def _user(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "User", assumed_by=iam.AccountRootPrincipal(), role_name=_USER)


def _plain(stack: cdk.Stack) -> None:
    """Define the key as it was: its alias has to be told to stay, the key itself stays anyway."""
    key = kms.Key(stack, "Key", alias=_ALIAS)
    alias = key.node.find_child("Alias").node.default_child
    assert isinstance(alias, cdk.CfnResource)
    alias.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    key.grant_encrypt_decrypt(_user(stack))


def _ours(stack: cdk.Stack) -> EncryptionKey:
    user = _user(stack)
    return EncryptionKey(stack, "Key", alias="adopted", encrypters=[user], decrypters=[user], services=[])


def _ours_under_the_old_names(stack: cdk.Stack) -> None:
    alias = _ours(stack).node.find_child("Alias")
    assert isinstance(alias, cdk.CfnResource)
    alias.override_logical_id("KeyAlias910D852D")


@pytest.fixture
def synthesise(make_app: Callable[..., cdk.App], tmp_path: Path) -> Callable[..., Path]:
    """Synthesise the stack, each time into a folder of its own."""
    count = iter(range(100))

    def synthesise(define: Callable[[cdk.Stack], object], **context: str) -> Path:
        app = make_app(outdir=tmp_path / f"assembly-{next(count)}", **context)
        define(cdk.Stack(app, _STACK))
        return Path(app.synth().directory)

    return synthesise


@pytest.fixture
def account(synthesise: Callable[..., Path]) -> Iterator[LocalAws]:
    """Start an account of its own, bootstrapped with the least policy for the old stack and the new one."""
    with LocalAws() as aws:
        aws.bootstrap(*execution_policies(synthesise(_plain)), *execution_policies(synthesise(_ours)))
        yield aws


def _as(aws: LocalAws, role: str) -> "KMSClient":
    return aws.session(aws.assume(f"arn:aws:iam::{aws.account}:role/{role}")).client("kms")


def _opens(aws: LocalAws, role: str, sealed: bytes) -> bool:
    try:
        return _as(aws, role).decrypt(CiphertextBlob=sealed)["Plaintext"] == b"orders"
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException"  # noqa: PT017  # anything else is a bug
        return False


def _seal(aws: LocalAws) -> bytes:
    """Encrypt under the plain key, whose policy leaves use to IAM."""
    aws.create_role(_CURIOUS, _USE)
    sealed = _as(aws, _USER).encrypt(KeyId=_ALIAS, Plaintext=b"orders")["CiphertextBlob"]
    assert _opens(aws, _CURIOUS, sealed)
    return sealed


def _compare(aws: LocalAws, assembly: Path) -> tuple[int, str]:
    """Compare as the command line does."""
    policy = aws.session().client("kms").get_key_policy(KeyId=_target(aws))["Policy"]
    template = str(assembly / f"{_STACK}.template.json")
    arguments = ["--template", template, "--key", _ALIAS, "--account", aws.account, "--region", aws.region]
    output = io.StringIO()
    return main(arguments, today=io.StringIO(policy), output=output), output.getvalue()


def _target(aws: LocalAws) -> str:
    found = aws.session().client("kms").list_aliases()["Aliases"]
    return next(each["TargetKeyId"] for each in found if each["AliasName"] == _ALIAS)


def _resources(assembly: Path) -> dict[str, Any]:
    return dict(json.loads((assembly / f"{_STACK}.template.json").read_text())["Resources"])


def test_a_key_is_compared_imported_and_deployed(
    account: LocalAws, synthesise: Callable[..., Path], tmp_path: Path
) -> None:
    execution = f"cdk-hnb659fds-cfn-exec-role-{account.account}-{account.region}"
    stacks = StackOperation(account.session(), f"arn:aws:iam::{account.account}:role/{execution}")
    legacy = stacks.create(_resources(synthesise(_plain)))
    key_id, sealed = _target(account), _seal(account)

    code, text = _compare(account, ours := synthesise(_ours))

    assert code == 1
    assert f"! IAM policies of arn:aws:iam::{account.account}:root alone no longer give kms:CreateGrant, " in text
    assert text.count("! ") == 1  # the policy of the CDK names nobody who could lose more

    stacks.delete(legacy.name)
    ids = {resource["Type"]: logical_id for logical_id, resource in _resources(ours).items()}
    identifiers = {"AWS::KMS::Key": {"KeyId": key_id}, "AWS::KMS::Alias": {"AliasName": _ALIAS}}
    mapping = tmp_path / "keys.json"
    mapping.write_text(json.dumps({ids[kind]: identifier for kind, identifier in identifiers.items()}))
    account.take_back(synthesise(_ours, **_TAKE_BACK), _STACK, mapping)
    deployed = stacks.update(_STACK, _resources(ours))

    assert deployed.status == "UPDATE_COMPLETE"
    assert _target(account) == key_id
    assert _opens(account, _USER, sealed)
    assert not _opens(account, _CURIOUS, sealed)
    assert _compare(account, ours) == (0, "Both policies say the same.\n")


def test_a_key_that_keeps_its_logical_ids_is_updated_in_place(
    aws: LocalAws, make_stacks: Callable[..., StackOperation], synthesise: Callable[..., Path]
) -> None:
    stacks = make_stacks()
    legacy = stacks.create(_resources(synthesise(_plain)))
    key_id, sealed = _target(aws), _seal(aws)

    updated = stacks.update(legacy.name, _resources(ours := synthesise(_ours_under_the_old_names)))

    assert updated.status == "UPDATE_COMPLETE"
    assert _target(aws) == key_id
    assert _opens(aws, _USER, sealed)
    assert not _opens(aws, _CURIOUS, sealed)
    assert _compare(aws, ours)[0] == 0
