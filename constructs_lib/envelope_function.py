"""EnvelopeFunction: a function that calls one operation of one key, with a role and a log group of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from constructs_lib.actions import SEND_TRACES
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group_at

KEY_ARN = "ENVELOPE_KEY_ARN"
REQUIRED_CONTEXT_KEYS = "REQUIRED_CONTEXT_KEYS"

# Loading botocore and cryptography is bound by the processor, and Lambda gives processor time in proportion to memory;
# a request of 6 MB, Lambda's largest, needs far less memory than this.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
_MEMORY_MIB = 512
# One call of KMS with the SDK's retries; a caller behind API Gateway gives up after 29 seconds anyway.
_TIMEOUT = 30
# The shortest that Lambda takes: how long an asynchronous request, with its plaintext, may wait in Lambda's queue.
_LONGEST_WAIT = 60
_NESTED_NAME_KEPT = 50

_PACKS = {"HIPAA": "HIPAA.Security", "NIST": "NIST.800.53.R5", "PCI": "PCI.DSS.321"}

_INLINE = (
    "The policy belongs to this one function's role: it is created and deleted with it, and unlike a managed policy "
    "it cannot be attached to anybody else, which for permission to use a key is the safer of the two."
)
_TRACES = (
    "X-Ray offers PutTraceSegments and PutTelemetryRecords on every resource only. The statement stands in a policy "
    "of its own, so that no other permission on every resource is covered by this acknowledgement."
)
_RUNTIME = (
    "The wheels and the bytecode are locked and tested for this managed runtime, which AWS supports with security "
    "updates; another one is a deliberate choice of the application, by the argument `runtime`."
)
_OUTSIDE_VPC = (
    "The function reaches no private resource: it calls KMS and X-Ray over TLS with signed requests, and nothing can "
    "connect to it. Who may invoke it and what it may do with the key is decided by IAM and the key policy. A VPC "
    "would add network permissions on every resource to a role that otherwise has none."
)
_NO_QUEUE = (
    "A dead-letter queue or a failure destination would keep the failed request, and with it the plaintext, outside "
    "of the envelope. Callers wait for the answer and see every failure themselves; an asynchronous request, whose "
    "answer would be lost, is not retried and dropped after a minute at most."
)
_UNRESERVED = (
    "Reserved concurrency is taken out of what all functions of the account share, and cannot be reserved at all where "
    "the account's limit is small: the application reserves it by the argument `reserved_concurrency`."
)


@dataclass(frozen=True, kw_only=True)
class EnvelopeSettings:
    """What the encrypting and the decrypting function have in common.

    Attributes:
        code: The asset that holds both handlers.
        runtime: The managed runtime that the asset was made for.
        architecture: The instruction set that the asset was made for.
        encryption_key: The key under which data keys are wrapped.
        operations_key: The key under which logs are encrypted.
        required_context: Encryption-context keys that every request must carry.
        log_retention: How long log events are kept.
        reserved_concurrency: Concurrent executions set aside for each function; None for no reservation.
    """

    code: lambda_.Code
    runtime: lambda_.Runtime
    architecture: lambda_.Architecture
    encryption_key: kms.IKey
    operations_key: kms.IKey
    required_context: Sequence[str]
    log_retention: logs.RetentionDays
    reserved_concurrency: int | None


class EnvelopeFunction(Construct):
    """One bundled function that may call one operation of the envelope key, write its own logs, and send traces.

    Attributes:
        function: The function itself.
    """

    function: lambda_.Function

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        handler: str,
        description: str,
        operations: Sequence[str],
        settings: EnvelopeSettings,
    ) -> None:
        """Define the function, its role and its log group.

        Args:
            scope: The construct that owns the function.
            construct_id: Name within `scope`.
            handler: Python path of the handler in the asset.
            description: What people read in the console.
            operations: The IAM actions that it may use on the envelope key.
            settings: What it shares with its counterpart.
        """
        super().__init__(scope, construct_id)
        log_group = self._log_group(settings)
        # A role of another stack than the key gets a name made from its id: people meet it in policies and reports.
        role = iam.Role(self, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        self.function = lambda_.Function(
            self,
            "Resource",
            description=description,
            code=settings.code,
            handler=handler,
            runtime=settings.runtime,
            architecture=settings.architecture,
            role=role,
            environment={
                KEY_ARN: settings.encryption_key.key_arn,
                REQUIRED_CONTEXT_KEYS: json.dumps(sorted(settings.required_context)),
            },
            memory_size=_MEMORY_MIB,
            timeout=cdk.Duration.seconds(_TIMEOUT),
            retry_attempts=0,
            max_event_age=cdk.Duration.seconds(_LONGEST_WAIT),
            reserved_concurrent_executions=settings.reserved_concurrency,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            system_log_level_v2=lambda_.SystemLogLevel.INFO,
        )
        settings.encryption_key.grant(self.function, *operations)
        self._tell_owner(settings.encryption_key, role, operations)
        tracing = self._trace(role)
        self._acknowledge(role, tracing, settings)

    def _log_group(self, settings: EnvelopeSettings) -> logs.LogGroup:
        log_group = logs.LogGroup(
            self,
            "LogGroup",
            encryption_key=settings.operations_key,
            retention=settings.log_retention,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        stack = cdk.Stack.of(self)
        text = TokenText(stack)
        arn = stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name=_generated_name(stack, log_group),
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        use = encrypt_log_group_at(region=text.text(stack.region), log_group_arn=text.text(arn))
        statement = use.statements()[0].render()
        added = settings.operations_key.add_to_resource_policy(
            iam.PolicyStatement.from_json(text.with_tokens(statement))
        )
        if not added.statement_added:
            cdk.Annotations.of(self).add_warning_v2(
                "cdk-key-management:logs-not-admitted",
                "the policy of operations_key cannot be written from here; its owner must add this statement, "
                f"or the log group cannot be created: {json.dumps(statement)}",
            )
        return log_group

    def _tell_owner(self, key: kms.IKey, role: iam.Role, operations: Sequence[str]) -> None:
        # The policy of an imported key cannot be written from here, and in another account IAM alone is not enough.
        if cdk.Resource.is_owned_resource(key):
            return
        statement = {"Effect": "Allow", "Principal": {"AWS": role.role_arn}, "Action": operations, "Resource": "*"}
        cdk.Annotations.of(self).add_warning_v2(
            "cdk-key-management:key-not-admitted",
            "the policy of encryption_key cannot be written from here; unless it leaves this account's roles to IAM, "
            "its owner must add this statement, or every request is refused: "
            + json.dumps(cdk.Stack.of(self).resolve(statement)),
        )

    def _trace(self, role: iam.Role) -> iam.Policy:
        # The L2's own `tracing` would put the statement on every resource beside the permission to use the key.
        tracing = iam.Policy(
            self,
            "Tracing",
            roles=[role],
            statements=[iam.PolicyStatement(actions=list(SEND_TRACES), resources=["*"])],
        )
        resource = cast("lambda_.CfnFunction", self.function.node.default_child)
        resource.tracing_config = lambda_.CfnFunction.TracingConfigProperty(mode="Active")
        self.function.node.add_dependency(tracing)
        return tracing

    def _acknowledge(self, role: iam.Role, tracing: iam.Policy, settings: EnvelopeSettings) -> None:
        inline = {f"{pack}-IAMNoInlinePolicy": _INLINE for pack in _PACKS.values()}
        _answer(role.node.find_child("DefaultPolicy"), inline)
        _answer(tracing, {**inline, "AwsSolutions-IAM5[Resource::*]": _TRACES})
        _answer(
            self.function,
            {
                "AwsSolutions-L1": _RUNTIME,
                "Serverless-LambdaLatestVersion": _RUNTIME,
                **{f"{pack}-LambdaInsideVPC": _OUTSIDE_VPC for pack in _PACKS.values()},
                **{f"{pack}-LambdaDLQ": _NO_QUEUE for pack in (_PACKS["HIPAA"], _PACKS["NIST"], "Serverless")},
                "Serverless-LambdaAsyncFailureDestination": _NO_QUEUE,
            },
        )
        if settings.reserved_concurrency is None:
            packs = (_PACKS["HIPAA"], _PACKS["NIST"])
            _answer(self.function, {f"{pack}-LambdaConcurrency": _UNRESERVED for pack in packs})


def _answer(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    # With its pack in front an acknowledged finding stays in the validation report, with its reason.
    cdk.Validations.of(scope).acknowledge(
        *(
            cdk.Acknowledgment(id=f"{rule.split('[')[0].rpartition('-')[0]}::{rule}", reason=reason)
            for rule, reason in reasons.items()
        )
    )


def _generated_name(stack: cdk.Stack, log_group: logs.LogGroup) -> str:
    """Return the name that CloudFormation will choose, with `*` for what it draws by lot.

    It is `<stack name>-<logical id>-<12 characters>`, never cut: at most 397 of the 512 characters that a log group
    may have. The name of a nested stack begins with that of the outermost one, cut where it is long.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
    """
    logical_id = stack.get_logical_id(cast("cdk.CfnElement", log_group.node.default_child))
    if stack.nested_stack_parent is None:
        name = stack.stack_name
    else:
        outermost = stack
        while outermost.nested_stack_parent is not None:
            outermost = outermost.nested_stack_parent
        name = f"{outermost.stack_name[:_NESTED_NAME_KEPT]}*"
    return f"{name}-{logical_id}-*"
