"""BundledFunction: one function of this library with a role, a log group and traces of its own, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.actions import SEND_TRACES
from constructs_lib.functions.answered_findings import INLINE, RUNTIME, TRACES, UNRESERVED
from constructs_lib.functions.function_network import FunctionNetwork
from constructs_lib.functions.function_settings import Capacity, ReadFunctionSettings
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group_at
from constructs_lib.wiring.expected_names import generated_pattern
from constructs_lib.wiring.findings import HIPAA, NIST, PACKS, answer
from constructs_lib.wiring.transport_keys import let_service

# The shortest that Lambda takes: how long an asynchronous request, with what is in it, may wait in Lambda's queue.
_LONGEST_WAIT = 60
_LONGEST_LOG_GROUP_NAME = 512


@dataclass(frozen=True, kw_only=True)
class Task:
    """What one bundled function does.

    Attributes:
        handler: Python path of the handler in the asset.
        description: What people read in the console.
        environment: What the handler reads from its environment.
        capacity: Its memory and time unless its settings say otherwise.
        without_queue: Why it needs neither a dead-letter queue nor a failure destination.
        network: Where it runs: in subnets of a VPC, or the reason why it needs none.
    """

    handler: str
    description: str
    environment: Mapping[str, str]
    capacity: Capacity
    without_queue: str
    network: FunctionNetwork | str


class FunctionParts(TypedDict):
    """What every bundled function is made of.

    Attributes:
        code: The asset that holds the handler.
        operations_key: The key under which logs are encrypted.
        settings: How it runs.
    """

    code: lambda_.Code
    operations_key: kms.IKey
    settings: ReadFunctionSettings


class BundledFunction(Construct):
    """One function that may write its own logs and send traces, and that does nothing twice by itself.

    Lambda does not retry it. What else its role may do, the construct that owns it grants.

    Attributes:
        function: The function itself.
        role: Its role.
        timeout_seconds: How long one invocation may take.
    """

    function: lambda_.Function
    role: iam.Role
    timeout_seconds: int

    def __init__(self, scope: Construct, construct_id: str, *, task: Task, **parts: Unpack[FunctionParts]) -> None:
        """Define the function, its role and its log group.

        Args:
            scope: The construct that owns the function.
            construct_id: Name within `scope`.
            task: What it does.
            **parts: What it is made of: `FunctionParts`.
        """
        super().__init__(scope, construct_id)
        self._settings = settings = parts["settings"]
        log_group = self._log_group(parts["operations_key"])
        # A role of another stack than the key gets a name made from its id: people meet it in policies and reports.
        self.role = iam.Role(self, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(self.role)
        self.timeout_seconds = settings.timeout_seconds or task.capacity.seconds
        self.function = self._function(task, parts["code"], log_group)
        if isinstance(task.network, FunctionNetwork):
            self.function.node.add_dependency(task.network.let_connect(self, self.role))
        self._acknowledge(self._trace(), task)

    def _function(self, task: Task, code: lambda_.Code, log_group: logs.LogGroup) -> lambda_.Function:
        placed = task.network if isinstance(task.network, FunctionNetwork) else None
        return lambda_.Function(
            self,
            "Resource",
            description=task.description,
            code=code,
            handler=task.handler,
            runtime=self._settings.runtime,
            architecture=self._settings.architecture,
            role=self.role,
            environment=dict(task.environment),
            memory_size=self._settings.memory_size_mib or task.capacity.memory_size_mib,
            timeout=cdk.Duration.seconds(self.timeout_seconds),
            retry_attempts=0,
            max_event_age=cdk.Duration.seconds(_LONGEST_WAIT),
            reserved_concurrent_executions=self._settings.reserved_concurrency,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            system_log_level_v2=lambda_.SystemLogLevel.INFO,
            vpc=placed.vpc if placed else None,
            vpc_subnets=placed.subnets if placed else None,
            security_groups=list(placed.security_groups) if placed else None,
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

    def _acknowledge(self, tracing: iam.Policy, task: Task) -> None:
        inline = {f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS}
        outside = {f"{pack}-LambdaInsideVPC": task.network for pack in PACKS if isinstance(task.network, str)}
        answer(self.role.node.find_child("DefaultPolicy"), inline)
        answer(tracing, {**inline, "AwsSolutions-IAM5[Resource::*]": TRACES})
        answer(
            self.function,
            {
                "AwsSolutions-L1": RUNTIME,
                "Serverless-LambdaLatestVersion": RUNTIME,
                **outside,
                **{f"{pack}-LambdaDLQ": task.without_queue for pack in (HIPAA, NIST, "Serverless")},
                "Serverless-LambdaAsyncFailureDestination": task.without_queue,
            },
        )
        if self._settings.reserved_concurrency is None:
            answer(self.function, {f"{pack}-LambdaConcurrency": UNRESERVED for pack in (HIPAA, NIST)})
