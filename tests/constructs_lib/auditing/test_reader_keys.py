"""Keys that readers use, of every make: what the key's policy says, what IAM, and what their owner is told."""

import json
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.auditing.reader_keys import ReaderKey
from constructs_lib.auditing.seen_from import SeenFrom
from constructs_lib.service_access.cloudtrail import read_logs
from tests.support.announcements import announcements
from tests.support.synthesised import app_of, granted, iam_statements, resources, template_of

ACCOUNT, OTHER = "111122223333", "444455556666"
HERE = cdk.Environment(account=ACCOUNT, region="eu-west-1")
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ONLY_TRAILS = {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}
MakeKey = Callable[[cdk.Stack], kms.IKey]


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=HERE)


def reader_of(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Auditor", role_name="auditor", assumed_by=iam.AccountRootPrincipal())


def ours(stack: cdk.Stack) -> kms.IKey:
    return EncryptionKey(stack, "Key", alias="audit", services=["s3"])


def test_the_policy_of_a_key_of_this_library_names_the_reader_whose_own_policies_stay_as_they_are(
    stack: cdk.Stack,
) -> None:
    ReaderKey(key=ours(stack), use=read_logs()).admit(stack, reader_of(stack))

    template = template_of(stack)

    (named,) = granted(template).values()
    assert (named["Principal"], named["Action"], named["Condition"]) == (
        {"AWS": "${AuditorB9A7BEA8.Arn}"},
        "kms:Decrypt",
        ONLY_TRAILS,
    )
    assert iam_statements(template) == []


def test_the_policy_of_a_key_of_the_cdk_leaves_the_reader_to_iam(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")
    ReaderKey(key=key, use=read_logs()).admit(stack, reader_of(stack))

    (of_key,) = resources(template_of(stack), "AWS::KMS::Key").values()

    assert len(of_key["Properties"]["KeyPolicy"]["Statement"]) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: ExistingKey.from_arn(stack, "Key", key_arn=KEY_ARN),
        # Of another account nothing here can hold its ARN before it is there: its alias stands for it.
        lambda stack: ours(cdk.Stack(app_of(stack), "Keys", env=cdk.Environment(account=OTHER, region="eu-west-1"))),
    ],
    ids=["an existing key", "a key of another account"],
)
def test_a_key_elsewhere_writes_into_the_policies_of_the_reader_itself(stack: cdk.Stack, make: MakeKey) -> None:
    key = ReaderKey(key=make(stack), use=read_logs())
    key.admit(stack, reader_of(stack))

    assert list(key.in_iam(SeenFrom(record=stack, policy=stack))) == []
    (statement,) = iam_statements(template_of(stack))
    assert statement["Action"] == "kms:Decrypt"
    assert statement["Condition"]["Null"] == ONLY_TRAILS["Null"]


@pytest.mark.parametrize("make", [ours, lambda stack: kms.Key(stack, "Key")], ids=["of this library", "of the CDK"])
def test_the_policy_of_readers_names_a_key_that_is_here(stack: cdk.Stack, make: MakeKey) -> None:
    (statement,) = ReaderKey(key=make(stack), use=read_logs()).in_iam(SeenFrom(record=stack, policy=stack))

    said = stack.resolve(statement.to_statement_json())
    assert (said["Action"], said["Condition"]) == ("kms:Decrypt", ONLY_TRAILS)
    assert said["Resource"]["Fn::GetAtt"][1] == "Arn"


@pytest.mark.parametrize("is_named", [True, False], ids=["a reader", "whoever attaches the policy"])
def test_the_owner_of_an_imported_key_is_told_the_statement(stack: cdk.Stack, *, is_named: bool) -> None:
    key = ReaderKey(key=kms.Key.from_key_arn(stack, "Key", KEY_ARN), use=read_logs())
    reader = iam.Role(cdk.Stack(app_of(stack), "People", env=HERE), "Auditor", assumed_by=iam.AccountRootPrincipal())
    key.tell_owner(stack, [reader] if is_named else [])

    (warning,) = announcements(app_of(stack).synth().directory, "Audit", "warning")

    who = "${People/Auditor/Resource.Arn}" if is_named else "readers"
    assert f"must add this statement for {who}, or nothing can be read: " in warning
    assert json.dumps(ONLY_TRAILS)[1:-1] in warning
    assert ('"Principal"' in warning) is is_named


def test_nobody_is_told_of_a_key_of_this_app(stack: cdk.Stack) -> None:
    ReaderKey(key=kms.Key(stack, "Key"), use=read_logs()).tell_owner(stack, [reader_of(stack)])

    assert announcements(app_of(stack).synth().directory, "Audit", "warning") == []
