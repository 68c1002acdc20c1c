"""Queues and streams that Lambda polls for a function, and those into which a function sends: exact permissions.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
"""

from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_sqs as sqs

from constructs_lib.actions import READ_STREAM, RECEIVE_MESSAGES, SEND_MESSAGES, WRITE_STREAM
from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.kinesis import get_records, put_records
from constructs_lib.service_access.resource_names import QUEUE, STREAM
from constructs_lib.service_access.sqs import receive, send
from constructs_lib.wiring.expected_names import expected_name
from constructs_lib.wiring.given_resources import check_region, spoken
from constructs_lib.wiring.owners_elsewhere import tell_owner
from constructs_lib.wiring.transport_keys import let_call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from constructs_lib.service_access.service_use import ServiceUse

QueueOrStream: TypeAlias = sqs.IQueue | kinesis.IStream


def is_queue(polled: QueueOrStream) -> TypeGuard[sqs.IQueue]:
    """Whether it is a queue."""
    return hasattr(polled, "queue_arn")


def is_stream(polled: QueueOrStream) -> TypeGuard[kinesis.IStream]:
    """Whether it is a stream."""
    return hasattr(polled, "stream_arn")


def arn_of(polled: QueueOrStream) -> str:
    """Return the ARN of a queue or a stream."""
    return polled.queue_arn if is_queue(polled) else polled.stream_arn  # type: ignore[union-attr]


def key_of(polled: QueueOrStream) -> "kms.IKey | None":
    """Return the key under which a queue or a stream is encrypted, or None if that is one of AWS."""
    return polled.encryption_master_key if is_queue(polled) else polled.encryption_key  # type: ignore[union-attr]


def check_polled(scope: "Construct", argument: str, given: QueueOrStream) -> None:
    """Refuse what is neither queue nor stream, or is known to be of another Region.

    Lambda polls, and the functions send, in their own Region.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html

    Args:
        scope: Where the function is.
        argument: What a refusal calls it.
        given: What was given.

    Raises:
        ConfigurationError: If it is such.
    """
    if not is_queue(given) and not is_stream(given):
        raise ConfigurationError(f"{argument} must be a queue of SQS or a stream of Kinesis, got {spoken(given)}")
    if argument == "source" or is_queue(given):
        check_region(scope, argument, given)


def let_poll(role: iam.Role, source: QueueOrStream) -> None:
    """Let Lambda receive from a queue, or read a stream, for a role.

    Args:
        role: The function's role.
        source: The queue or stream.
    """
    if is_queue(source):
        _let(role, "source", RECEIVE_MESSAGES, source, receive(queue_name=_name_of(source)))
    else:
        _let(role, "source", READ_STREAM, source, get_records(stream_name=_name_of(source)))


def let_send(role: iam.Role, destination: QueueOrStream) -> None:
    """Let a role send to a queue, or put records into a stream.

    Args:
        role: The function's role.
        destination: The queue or stream.
    """
    if is_queue(destination):
        _let(role, "destination", SEND_MESSAGES, destination, send(queue_name=_name_of(destination)))
    else:
        _let(role, "destination", WRITE_STREAM, destination, put_records(stream_name=_name_of(destination)))


def _name_of(polled: QueueOrStream) -> str:
    resource = polled.node.default_child
    if isinstance(resource, sqs.CfnQueue):
        return expected_name(polled, given=resource.queue_name, longest=QUEUE.longest)
    if isinstance(resource, kinesis.CfnStream):
        return expected_name(polled, given=resource.name, longest=STREAM.longest)
    return polled.queue_name if is_queue(polled) else polled.stream_name  # type: ignore[union-attr]


def _let(role: iam.Role, argument: str, actions: "Sequence[str]", polled: QueueOrStream, use: "ServiceUse") -> None:
    role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=[arn_of(polled)]))
    let_call(role, key_of(polled), use)
    tell_owner(role, polled, argument=argument, actions=actions, resource=arn_of(polled))
