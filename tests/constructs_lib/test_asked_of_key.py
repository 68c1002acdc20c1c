"""What constructs of the CDK ask of one key, narrowed in the order in which they ask."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey
from constructs_lib.errors import ConfigurationError
from tests.support.l2_case import Build
from tests.support.l2_cases.events import rule_to_a_queue
from tests.support.l2_cases.messaging import topic_feeds_a_queue
from tests.support.l2_cases.storage import bucket_notifies_a_queue
from tests.support.synthesised import key_statements, template_of

MakeApp = Callable[..., cdk.App]

ACCOUNT = "${AWS::AccountId}"
OUR_TOPICS = "arn:${AWS::Partition}:sns:*:${AWS::AccountId}:*"
THE_BUCKET = "${Bucket83908E77.Arn}"


def of_services(stack: cdk.Stack) -> list[tuple[Any, Any, Any]]:
    return [
        (each["Principal"]["Service"], each["Action"], each.get("Condition"))
        for each in key_statements(template_of(stack)).values()
        if "Service" in each["Principal"]
    ]


@pytest.mark.parametrize(
    ("build", "service", "condition"),
    [
        (topic_feeds_a_queue, "sns.amazonaws.com", {"ArnLike": {"aws:SourceArn": OUR_TOPICS}}),
        (rule_to_a_queue, "events.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        (
            bucket_notifies_a_queue,
            "s3.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": THE_BUCKET}, "StringEquals": {"aws:SourceAccount": ACCOUNT}},
        ),
    ],
    ids=["topic", "rule", "bucket"],
)
def test_without_the_flags_of_the_cdk_a_queue_is_open_to_its_own_account_at_most(
    build: Build, service: str, condition: dict[str, Any]
) -> None:
    stack = cdk.Stack(cdk.App(), "S")
    build(EncryptionKey(stack, "Key"), stack)

    assert of_services(stack) == [(service, ["kms:Decrypt", "kms:GenerateDataKey"], condition)]


def test_a_statement_for_every_bucket_is_left_out_only_right_after_that_for_one(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    key = EncryptionKey(stack, "Key")
    bucket_notifies_a_queue(key, stack)
    s3 = iam.ServicePrincipal("s3.amazonaws.com")
    key.add_to_resource_policy(
        iam.PolicyStatement(actions=["kms:GenerateDataKey*", "kms:Decrypt"], principals=[s3], resources=["*"])
    )

    assert {"StringEquals": {"aws:SourceAccount": ACCOUNT}} in [condition for _, _, condition in of_services(stack)]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("s3.amazonaws.com", "must be among kms:Decrypt, kms:GenerateDataKey (key.allow(s3.notify_queue("),
        ("sns.amazonaws.com", "must be among kms:Decrypt, kms:GenerateDataKey (key.allow(sns.deliver_to_queue("),
    ],
)
def test_refuses_to_grant_a_service_what_it_never_needs(service: str, said: str, make_app: MakeApp) -> None:
    key = EncryptionKey(cdk.Stack(make_app(), "S"), "Key")

    with pytest.raises(ConfigurationError) as refused:
        key.grant(iam.ServicePrincipal(service), "kms:Encrypt")

    assert str(refused.value).startswith(f"[S/Key] actions for {service} {said}")
    assert str(refused.value).endswith(", got kms:Encrypt")


def test_refuses_to_grant_cloudwatch_logs_every_log_group(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    every = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{stack.region}:{stack.account}:*"}}

    with pytest.raises(ConfigurationError, match=r"about a log group \(each log group is admitted by its name"):
        EncryptionKey(stack, "Key").grant_decrypt(
            iam.ServicePrincipal("logs.eu-west-1.amazonaws.com", conditions=every)
        )


def test_a_refused_grant_leaves_the_policy_as_it_was(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    key = EncryptionKey(stack, "Key")
    both = iam.CompositePrincipal(iam.AccountRootPrincipal(), iam.ServicePrincipal("s3.amazonaws.com"))

    with pytest.raises(ConfigurationError, match=r"s3\.amazonaws\.com"):
        key.grant(both, "kms:Encrypt")

    assert not any(sid.startswith("Granted") for sid in key_statements(template_of(stack)))
