"""Buckets, queues and streams of other accounts: their owners are told what to add."""

import json
from collections.abc import Callable
from typing import Any, Literal

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.enveloping.object_traffic import Objects
from constructs_lib.enveloping.polled_sources import let_poll, let_send
from constructs_lib.wiring.owners_elsewhere import tell_key_owner
from tests.support.announcements import announcements
from tests.support.synthesised import app_of

MINE, THEIRS = "111122223333", "444455556666"
QUEUE = f"arn:aws:sqs:eu-west-1:{THEIRS}:orders"
KEY = f"arn:aws:kms:eu-west-1:{MINE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
STREAM = f"arn:aws:kinesis:eu-west-1:{THEIRS}:stream/clicks"
MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=cdk.Environment(account=MINE, region="eu-west-1"))


def role(stack: cdk.Stack, name: str | None = None) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), role_name=name)


def bucket(stack: cdk.Stack, account: str | None = THEIRS) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="orders", account=account)


def told(stack: cdk.Stack, level: Literal["info", "warning"] = "warning") -> list[str]:
    return announcements(app_of(stack).synth().directory, "Orders", level)


def statement_in(text: str) -> Any:
    return json.JSONDecoder().raw_decode(text, text.index("{"))[0]


def test_the_owner_of_a_bucket_is_told_the_statement_for_this_role_alone(stack: cdk.Stack) -> None:
    Objects(argument="destination", bucket=bucket(stack), prefix="out/").let_write(role(stack))

    (warning,) = told(stack)

    assert warning.startswith(
        f"destination is of account {THEIRS}: its owner must add this statement to its policy, or"
    )
    assert statement_in(warning) == {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{MINE}:root"},
        "Action": ["s3:AbortMultipartUpload", "s3:PutObject"],
        "Resource": "arn:aws:s3:::orders/out/*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{MINE}:role/Orders-Role1ABCC5F0-*"}},
    }


def test_a_role_that_has_a_name_is_called_by_it(stack: cdk.Stack) -> None:
    Objects(argument="source", bucket=bucket(stack)).let_read(role(stack, "reader"))

    (warning,) = told(stack)

    (pattern,) = statement_in(warning)["Condition"]["ArnLike"].values()
    assert pattern.endswith(f":iam::{MINE}:role/reader")


@pytest.mark.parametrize(
    ("let", "actions"),
    [
        (let_poll, ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]),
        (let_send, ["sqs:SendMessage"]),
    ],
)
def test_the_owner_of_a_queue_is_told(stack: cdk.Stack, let: Callable[..., None], actions: list[str]) -> None:
    let(role(stack), sqs.Queue.from_queue_arn(stack, "Queue", QUEUE))

    (warning,) = told(stack)

    assert warning.startswith(f"{'source' if let is let_poll else 'destination'} is of account {THEIRS}: ")
    statement = statement_in(warning)
    assert (statement["Resource"], statement["Action"]) == (QUEUE, actions)


def test_the_owner_of_a_stream_is_told(stack: cdk.Stack) -> None:
    let_send(role(stack), kinesis.Stream.from_stream_arn(stack, "Stream", STREAM))

    (warning,) = told(stack)

    statement = statement_in(warning)
    assert (statement["Resource"], statement["Action"]) == (STREAM, ["kinesis:PutRecords"])


def test_where_nobody_knows_whose_account_it_is_it_is_said_without_a_warning(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Orders")
    Objects(argument="source", bucket=bucket(stack)).let_read(role(stack))

    assert told(stack) == []
    (info,) = (each for each in told(stack, "info") if "source" in each)
    assert info.startswith(f"source is of account {THEIRS}, unless that is the account of this stack: its owner must")


@pytest.mark.parametrize("account", [None, MINE])
def test_nobody_is_told_of_what_is_of_this_account(stack: cdk.Stack, account: str | None) -> None:
    Objects(argument="source", bucket=bucket(stack, account)).let_read(role(stack))

    assert told(stack) == told(stack, "info") == []


@pytest.mark.parametrize(("account", "iam_may_decide"), [(MINE, True), (THEIRS, False)])
def test_the_owner_of_an_imported_key_is_told(stack: cdk.Stack, account: str, *, iam_may_decide: bool) -> None:
    arn = KEY.replace(MINE, account)
    tell_key_owner(role(stack), kms.Key.from_key_arn(stack, "Key", arn), actions=["kms:Decrypt"])

    (warning,) = told(stack)

    assert ("unless it leaves roles of its account to IAM" in warning) is iam_may_decide
    assert statement_in(warning) == {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{MINE}:root"},
        "Action": ["kms:Decrypt"],
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{MINE}:role/Orders-Role1ABCC5F0-*"}},
    }


def test_nobody_is_told_of_keys_that_tell_themselves_or_take_it(stack: cdk.Stack) -> None:
    function, existing = role(stack), ExistingKey.from_arn(stack, "Existing", key_arn=KEY)
    for key in (existing, EncryptionKey(stack, "Own", alias="own"), kms.Key(stack, "Plain")):
        tell_key_owner(function, key, actions=["kms:Decrypt"])

    assert told(stack) == []
