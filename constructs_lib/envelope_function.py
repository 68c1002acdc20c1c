"""EnvelopeFunction: a function that uses envelope keys by exact operations, with a role and a log group of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Unpack, cast

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib.enveloping.answered_findings import NO_QUEUE, OUTSIDE_VPC, POLLED
from constructs_lib.enveloping.capacities import OBJECTS, REQUESTS
from constructs_lib.enveloping.envelope_keys import KeyUse
from constructs_lib.enveloping.invokers import check_invoker
from constructs_lib.enveloping.object_traffic import Objects
from constructs_lib.functions.bundled_function import BundledFunction, FunctionParts, Task
from constructs_lib.functions.function_settings import Capacity
from constructs_lib.guardrails.plugin import guard_app
from constructs_lib.wiring.owners_elsewhere import tell_key_owner


class InvokedBy(Enum):
    """Who invokes a function."""

    CALLERS = NO_QUEUE
    """Somebody who waits for the answer."""
    A_SOURCE = POLLED
    """Lambda, for a queue or a stream."""


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What one function does.

    Attributes:
        handler: Python path of the handler in the asset.
        description: What people read in the console.
        environment: What the handler reads from its environment.
        uses: What it does with which envelope key.
        capacity: Its memory and time unless its settings say otherwise.
        invoked_by: Who invokes it.
    """

    handler: str
    description: str
    environment: Mapping[str, str]
    uses: Sequence[KeyUse]
    capacity: Capacity = REQUESTS
    invoked_by: InvokedBy = InvokedBy.CALLERS


class EnvelopeFunction(BundledFunction):
    """One bundled function that may call exact operations of envelope keys, write its own logs, and send traces."""

    def __init__(self, scope: Construct, construct_id: str, *, duty: Duty, **parts: Unpack[FunctionParts]) -> None:
        """Define the function with its duty, and grant what that takes.

        Args:
            scope: The construct that owns the function.
            construct_id: Name within `scope`.
            duty: What it does.
            **parts: What it is made of, as every bundled function.
        """
        guard_app(scope.node.root)
        task = Task(
            handler=duty.handler,
            description=duty.description,
            environment=duty.environment,
            capacity=duty.capacity,
            without_queue=duty.invoked_by.value,
            network=OUTSIDE_VPC,
        )
        super().__init__(scope, construct_id, task=task, **parts)
        for use in duty.uses:
            use.key.grant(self.function, *use.actions)
            tell_key_owner(self.role, use.key, actions=use.actions)

    def let_stream(
        self,
        *,
        source: s3.IBucket,
        source_prefix: str,
        destination: s3.IBucket,
        destination_prefix: str,
        envelope_keys: Iterable[kms.IKey],
    ) -> None:
        """Let the function read objects here and write objects there, with the memory and the time that this takes.

        Args:
            source: The bucket that it reads.
            source_prefix: How the keys of those objects begin.
            destination: The bucket that it writes into.
            destination_prefix: How the keys of these objects begin.
            envelope_keys: The keys of the messages, under which no bucket may be encrypted.

        Raises:
            ConfigurationError: If a prefix holds a wildcard, or a bucket is encrypted under an envelope key.
        """
        read = Objects(argument="source", bucket=source, prefix=source_prefix)
        written = Objects(argument="destination", bucket=destination, prefix=destination_prefix)
        keys = list(envelope_keys)
        for objects in (read, written):
            objects.check(keys)
        read.let_read(self.role)
        written.let_write(self.role)
        resource = cast("lambda_.CfnFunction", self.function.node.default_child)
        resource.memory_size = self._settings.memory_size_mib or OBJECTS.memory_size_mib
        self.timeout_seconds = self._settings.timeout_seconds or OBJECTS.seconds
        resource.timeout = self.timeout_seconds

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody invoke the function, and no version or alias that anybody may add to it.

        Args:
            grantee: Who may do so.

        Raises:
            ConfigurationError: If it is nobody or anybody, or would be let in without what narrows it.
        """
        check_invoker(grantee)
        return self.function.grant_invoke_latest_version(grantee)
