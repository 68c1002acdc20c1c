"""Who may use the keys of buckets, queues and logs: through services, under their conditions, whatever made the key."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.service_access.eventbridge import send_to_target_queue
from constructs_lib.service_access.sqs import receive
from constructs_lib.wiring.transport_keys import let_call, let_service
from tests.support.announcements import announcements
from tests.support.synthesised import granted, iam_statements, template_of

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
USE = receive(queue_name="orders")
CONDITION = {
    "StringEquals": {
        "kms:EncryptionContext:aws:sqs:arn": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders",
        "kms:ViaService": "sqs.${AWS::Region}.amazonaws.com",
    }
}


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def role(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def test_our_key_admits_the_role_in_its_policy_too(stack: cdk.Stack) -> None:
    let_call(role(stack), EncryptionKey(stack, "Key", alias="key"), USE)

    template = template_of(stack)

    (statement,) = granted(template).values()
    assert statement["Action"] == "kms:Decrypt"
    assert statement["Condition"] == CONDITION
    assert [each["Condition"] for each in iam_statements(template)] == [CONDITION]


@pytest.mark.parametrize("named", ["Key", "Alias"])
def test_a_key_of_the_cdk_leaves_it_to_the_policy_of_the_role(stack: cdk.Stack, named: str) -> None:
    key = kms.Key(stack, "Key")
    alias = key.add_alias("orders")
    of_that_name: dict[str, kms.IKey] = {"Key": key, "Alias": alias}
    let_call(role(stack), of_that_name[named], USE)

    (statement,) = iam_statements(template_of(stack))

    assert statement["Resource"] == "${Key961B73FD.Arn}"
    assert (statement["Action"], statement["Condition"]) == ("kms:Decrypt", CONDITION)


def test_the_owner_of_an_existing_key_is_told(stack: cdk.Stack) -> None:
    let_call(role(stack), ExistingKey.from_arn(stack, "Key", key_arn=ARN), USE)

    assert [each["Resource"] for each in iam_statements(template_of(stack))] == [ARN]


def test_a_key_of_aws_needs_nothing(stack: cdk.Stack) -> None:
    let_call(role(stack), None, USE)

    assert iam_statements(template_of(stack)) == []


def admit_rule(stack: cdk.Stack, key: kms.IKey) -> None:
    use = send_to_target_queue(rule_name="Orders-Rule-*")
    let_service(stack, key, use, argument="transport_key", otherwise="nothing arrives")


def test_a_service_is_admitted_for_one_source(stack: cdk.Stack) -> None:
    admit_rule(stack, EncryptionKey(stack, "Key", alias="key"))

    (statement,) = granted(template_of(stack)).values()

    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    rule = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/Orders-Rule-*"
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": rule},
        "StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"},
    }


def test_the_owner_of_an_imported_key_is_told_of_the_statement(stack: cdk.Stack) -> None:
    admit_rule(stack, kms.Key.from_key_arn(stack, "Key", ARN))

    (warning,) = announcements(stack.node.root.synth().directory, "Orders", "warning")  # type: ignore[attr-defined]

    assert "the policy of transport_key cannot be written from here; its owner must add this statement" in warning
    assert "or nothing arrives: " in warning
    assert '"Service": "events.amazonaws.com"' in warning


def test_the_owner_of_an_existing_key_is_told_once_by_the_key_itself(stack: cdk.Stack) -> None:
    admit_rule(stack, ExistingKey.from_arn(stack, "Key", key_arn=ARN))

    (warning,) = announcements(stack.node.root.synth().directory, "Orders", "warning")  # type: ignore[attr-defined]

    assert warning.startswith(f"this app cannot change the policy of {ARN}, which must have ")
    assert '"Service": "events.amazonaws.com"' in warning
