"""Uses that no policy of a symmetric key can carry, or that leave the key policy out; each with what is said."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks

from tests.support.l2_case import Build, role
from tests.support.l2_cases.compute import container_with_a_shell
from tests.support.l2_cases.events import state_machine


def signing_key_of_a_hosted_zone(key: kms.IKey, stack: cdk.Stack) -> None:
    zone = route53.HostedZone(stack, "Zone", zone_name="example.com")
    route53.KeySigningKey(stack, "SigningKey", hosted_zone=zone, kms_key=key)


def group_granted_by_the_key(key: kms.IKey, stack: cdk.Stack) -> None:
    key.grant_decrypt(iam.Group(stack, "Group"))


def everybody_granted_by_the_key(key: kms.IKey, _stack: cdk.Stack) -> None:
    key.grant_decrypt(iam.AnyPrincipal())


def key_grants_that_trust_the_account(key: kms.IKey, stack: cdk.Stack) -> None:
    """By default `KeyGrants` believes that IAM is enough, and does not ask the key."""
    kms.KeyGrants.from_key(key).decrypt(role(stack))


def state_machine_whose_role_was_not_granted(key: kms.IKey, stack: cdk.Stack) -> None:
    state_machine(key, stack, role(stack))


def container_with_a_shell_whose_role_was_not_granted(key: kms.IKey, stack: cdk.Stack) -> None:
    container_with_a_shell(key, stack)


def workflow_that_sends_to_a_queue(key: kms.IKey, stack: cdk.Stack) -> None:
    queue = sqs.Queue(stack, "Queue", encryption_master_key=key)
    send = tasks.SqsSendMessage(stack, "Send", queue=queue, message_body=sfn.TaskInput.from_text("text"))
    sfn.StateMachine(stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(send))


WHEN_BUILT: dict[str, tuple[Build, str]] = {
    "signing_key_of_a_hosted_zone": (signing_key_of_a_hosted_zone, "kms:"),
    "group_granted_by_the_key": (group_granted_by_the_key, "got a group"),
    "everybody_granted_by_the_key": (everybody_granted_by_the_key, "everybody"),
}
WHEN_SYNTHESISED: tuple[Build, ...] = (
    key_grants_that_trust_the_account,
    state_machine_whose_role_was_not_granted,
    container_with_a_shell_whose_role_was_not_granted,
    workflow_that_sends_to_a_queue,
)
