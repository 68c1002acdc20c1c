"""EnvelopeFunction: a function that uses envelope keys by exact operations, with a role and a log group of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib.actions import SEND_TRACES
from constructs_lib.enveloping.answered_findings import (
    INLINE,
    NO_QUEUE,
    OUTSIDE_VPC,
    POLLED,
    RUNTIME,
    TRACES,
    UNRESERVED,
)
from constructs_lib.enveloping.envelope_keys import KeyUse
from constructs_lib.enveloping.function_settings import OBJECTS, REQUESTS, Capacity, ReadFunctionSettings
from constructs_lib.enveloping.invokers import check_invoker
from constructs_lib.enveloping.object_traffic import Objects
from constructs_lib.guardrails.plugin import guard_app
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group_at
from constructs_lib.wiring.expected_names import generated_pattern
from constructs_lib.wiring.findings import HIPAA, NIST, PACKS, answer
from constructs_lib.wiring.owners_elsewhere import tell_key_owner
from constructs_lib.wiring.transport_keys import let_service

# The shortest that Lambda takes: how long an asynchronous request, with its plaintext, may wait in Lambda's queue.
_LONGEST_WAIT = 60
_LONGEST_LOG_GROUP_NAME = 512


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


class EnvelopeFunction(Construct):
    """One bundled function that may call exact operations of envelope keys, write its own logs, and send traces.

    Attributes:
        function: The function itself.
        role: Its role.
        timeout_seconds: How long one invocation may take.
    """

    function: lambda_.Function
    role: iam.Role
    timeout_seconds: int

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        duty: Duty,
        code: lambda_.Code,
        operations_key: kms.IKey,
        settings: ReadFunctionSettings,
    ) -> None:
        """Define the function, its role and its log group.

        Args:
            scope: The construct that owns the function.
            construct_id: Name within `scope`.
            duty: What it does.
            code: The asset that holds the handler.
            operations_key: The key under which logs are encrypted.
            settings: How it runs.
        """
        super().__init__(scope, construct_id)
        guard_app(self.node.root)
        self._settings = settings
        log_group = self._log_group(operations_key)
        # A role of another stack than the key gets a name made from its id: people meet it in policies and reports.
        self.role = iam.Role(self, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(self.role)
        self.timeout_seconds = settings.timeout_seconds or duty.capacity.seconds
        self.function = self._function(duty, code, log_group)
        for use in duty.uses:
            use.key.grant(self.function, *use.actions)
            tell_key_owner(self.role, use.key, actions=use.actions)
        self._acknowledge(self._trace(), duty)

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

    def _function(self, duty: Duty, code: lambda_.Code, log_group: logs.LogGroup) -> lambda_.Function:
        return lambda_.Function(
            self,
            "Resource",
            description=duty.description,
            code=code,
            handler=duty.handler,
            runtime=self._settings.runtime,
            architecture=self._settings.architecture,
            role=self.role,
            environment=dict(duty.environment),
            memory_size=self._settings.memory_size_mib or duty.capacity.memory_size_mib,
            timeout=cdk.Duration.seconds(self.timeout_seconds),
            retry_attempts=0,
            max_event_age=cdk.Duration.seconds(_LONGEST_WAIT),
            reserved_concurrent_executions=self._settings.reserved_concurrency,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            system_log_level_v2=lambda_.SystemLogLevel.INFO,
        )

    def _log_group(self, operations_key: kms.IKey) -> logs.LogGroup:
        log_group = logs.LogGroup(
            self,
            "LogGroup",
            encryption_key=operations_key,
            retention=self._settings.log_retention,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        stack = cdk.Stack.of(self)
        text = TokenText(stack)
        resource = cast("cdk.CfnElement", log_group.node.default_child)
        arn = stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name=generated_pattern(resource, longest=_LONGEST_LOG_GROUP_NAME),
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        use = encrypt_log_group_at(region=text.text(stack.region), log_group_arn=text.text(arn))
        let_service(self, operations_key, use, argument="operations_key", otherwise="the log group cannot be created")
        return log_group

    def _trace(self) -> iam.Policy:
        # The L2's own `tracing` would put the statement on every resource beside the permission to use the key.
        tracing = iam.Policy(
            self,
            "Tracing",
            roles=[self.role],
            statements=[iam.PolicyStatement(actions=list(SEND_TRACES), resources=["*"])],
        )
        resource = cast("lambda_.CfnFunction", self.function.node.default_child)
        resource.tracing_config = lambda_.CfnFunction.TracingConfigProperty(mode="Active")
        self.function.node.add_dependency(tracing)
        return tracing

    def _acknowledge(self, tracing: iam.Policy, duty: Duty) -> None:
        inline = {f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS}
        no_queue = duty.invoked_by.value
        answer(self.role.node.find_child("DefaultPolicy"), inline)
        answer(tracing, {**inline, "AwsSolutions-IAM5[Resource::*]": TRACES})
        answer(
            self.function,
            {
                "AwsSolutions-L1": RUNTIME,
                "Serverless-LambdaLatestVersion": RUNTIME,
                **{f"{pack}-LambdaInsideVPC": OUTSIDE_VPC for pack in PACKS},
                **{f"{pack}-LambdaDLQ": no_queue for pack in (HIPAA, NIST, "Serverless")},
                "Serverless-LambdaAsyncFailureDestination": no_queue,
            },
        )
        if self._settings.reserved_concurrency is None:
            answer(self.function, {f"{pack}-LambdaConcurrency": UNRESERVED for pack in (HIPAA, NIST)})
