"""What is given where something else is wanted: a refusal that names the argument, never an error from within."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs_of_cdk

from constructs_lib import (
    ConfigurationError,
    EncryptionKey,
    EnvelopeEncryption,
    ExistingKey,
    KeySuccession,
    MultiRegionKey,
    OnlyDeletedBy,
    permission_set,
    with_context,
)
from constructs_lib.service_access import cloudtrail, cloudwatch_logs, sns, sqs

MakeApp = Callable[..., cdk.App]
Call = Callable[[Any], object]
ARN = "arn:aws:iam::111122223333:role/Reader"
NOBODY = "must be IAM principals or what has one, such as iam.ArnPrincipal(...), a role or a function, got "
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
STATEMENT = {"Effect": "Allow", "Action": "kms:Decrypt", "Principal": {"AWS": ARN}, "Resource": "*"}
USE = "use must be what a function of constructs_lib.service_access returns, such as "


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))


def role() -> iam.IPrincipal:
    return iam.ArnPrincipal(ARN)


KEYS: dict[str, Callable[[cdk.Stack], Any]] = {
    "key": lambda stack: EncryptionKey(stack, "Key"),
    "existing key": lambda stack: ExistingKey.from_arn(stack, "Key", key_arn=KEY_ARN),
    "succession": lambda stack: KeySuccession(stack, "Keys", alias="keys", current=EncryptionKey(stack, "Key")),
}
OF_EVERY_KEY: list[tuple[Call, str]] = [
    (lambda key: key.grant_decrypt(ARN), f"grantee {NOBODY}{ARN!r}"),
    (lambda key: key.grant_encrypt(None), f"grantee {NOBODY}None"),
    (lambda key: key.grant_encrypt_decrypt([role()]), f"grantee {NOBODY}a list"),
    (lambda key: key.grant(7, "kms:Decrypt"), f"grantee {NOBODY}7"),
    (
        lambda key: key.add_to_resource_policy(STATEMENT),
        "statement must be an iam.PolicyStatement, such as iam.PolicyStatement.from_json(...), got a dict",
    ),
    (lambda key: key.add_to_resource_policy(None), "from_json(...), got a NoneType"),
]


@pytest.mark.parametrize("which", KEYS)
@pytest.mark.parametrize(("call", "message"), OF_EVERY_KEY, ids=range(len(OF_EVERY_KEY)))
def test_refuses_who_and_what_is_none_for_every_key(which: str, call: Call, message: str, stack: cdk.Stack) -> None:
    key = KEYS[which](stack)
    with pytest.raises(ConfigurationError) as refused:
        call(key)
    assert str(refused.value).endswith(message)


OF_A_KEY: list[tuple[Call, str]] = [
    (lambda key: key.allow(sqs.send(), [role()]), f"callers {NOBODY}a list"),
    (lambda key: key.allow(sqs.send(), ARN), f"callers {NOBODY}{ARN!r}"),
    (lambda key: key.allow("logs"), f"[S/Key] {USE}cloudtrail.write_logs(trail_name=...), got 'logs'"),
    (
        lambda key: key.allow(cloudtrail.write_logs),
        f"[S/Key] {USE}cloudtrail.write_logs(trail_name=...), got the function write_logs itself: call it",
    ),
    (lambda key: key.allow(None), f"[S/Key] {USE}cloudtrail.write_logs(trail_name=...), got None"),
    (
        lambda key: key.allow(sqs.send(), iam.ServicePrincipal("s3.amazonaws.com")),
        "[S/Key] callers must be roles and users for SQS: producers of a queue, got the service s3.amazonaws.com",
    ),
]


@pytest.mark.parametrize(("call", "message"), OF_A_KEY, ids=range(len(OF_A_KEY)))
def test_refuses_what_is_no_use_of_a_key(call: Call, message: str, stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    with pytest.raises(ConfigurationError) as refused:
        call(key)
    assert str(refused.value) == message


def a_queue() -> Any:
    return sqs_of_cdk.Queue(cdk.Stack(), "Queue")


ALONE: list[tuple[Call, str]] = [
    (
        lambda _: sqs.send(queue_name=a_queue()),
        "such as orders, or a pattern that starts with a part of one, got a Queue instead of a text",
    ),
    (
        lambda wrong: sqs.receive(account=wrong(111122223333)),
        "account must be an account number of 12 digits, got 111122223333, which is no text",
    ),
    (lambda wrong: sqs.receive(region=wrong(None)), "got a NoneType instead of a text"),
    (lambda wrong: cloudwatch_logs.encrypt_log_group(log_group_name=wrong(7)), "got 7, which is no text"),
    (lambda wrong: sns.publish(topic_name=wrong(7)), "got 7, which is no text"),
    (lambda wrong: cloudtrail.write_logs(trail_name=wrong(None)), "got a NoneType instead of a text"),
    (lambda wrong: with_context(wrong("x"), {"tenant": "blue"}), f"caller {NOBODY}'x'"),
    (lambda wrong: OnlyDeletedBy(people=[wrong("x")]), "people must be IAM principals or what has one, got 'x'"),
    (
        lambda _: permission_set("AWSReservedSSO_KeyAdmins_abc"),
        "Identity Center puts around it to name the role, got 'AWSReservedSSO_KeyAdmins_abc'",
    ),
    (lambda wrong: permission_set(wrong(7)), "1 to 32 letters, digits and _+=,.@-, got 7"),
    (
        lambda wrong: permission_set("KeyAdmins", account=wrong(111122223333)),
        "account must be twelve digits, got 111122223333",
    ),
]


@pytest.mark.parametrize(("call", "message"), ALONE, ids=range(len(ALONE)))
def test_refuses_what_is_no_text_and_no_principal(call: Call, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        call(lambda value: value)
    assert str(refused.value).endswith(message)


@pytest.mark.parametrize("alias", [1, None, "", "arn:aws:kms:eu-west-1:111122223333:alias/x"])
@pytest.mark.parametrize("find", ["from_alias", "from_lookup"])
def test_refuses_to_import_what_is_no_alias(alias: Any, find: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        getattr(ExistingKey, find)(stack, "Key", alias=alias)
    assert str(refused.value).startswith("alias must be ")
    assert str(refused.value).endswith(f"got {alias!r}")


@pytest.mark.parametrize("scope", ["us-east-1", None])
def test_refuses_a_region_that_is_no_construct(scope: Any, stack: cdk.Stack) -> None:
    key = MultiRegionKey(stack, "Key", replicas=[])
    with pytest.raises(ConfigurationError) as refused:
        key.in_region_of(scope)
    assert str(refused.value) == f"[S/Key] scope must be a stack or a construct in one, got {scope!r}"


@pytest.mark.parametrize("grant", ["grant_invoke_encrypt", "grant_invoke_decrypt"])
def test_refuses_to_let_nobody_invoke_a_function(grant: str, stack: cdk.Stack) -> None:
    envelope = EnvelopeEncryption(
        stack,
        "Envelope",
        encryption_key=kms.Key(stack, "Data"),
        operations_key=kms.Key(stack, "Logs"),
        required_context=["purpose"],
    )
    with pytest.raises(ConfigurationError) as refused:
        getattr(envelope, grant)("x")
    assert str(refused.value) == f"grantee {NOBODY}'x'"
