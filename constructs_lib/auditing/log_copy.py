"""LogCopy: the copy of a trail in CloudWatch Logs, from which metrics are counted and alarms raised."""

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.actions import CREATE_LOG_STREAMS, WRITE_LOG_EVENTS
from constructs_lib.auditing.answered_findings import INLINE, LOG_STREAMS
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group_at
from constructs_lib.wiring.expected_names import generated_pattern
from constructs_lib.wiring.findings import PACKS, answer, as_found
from constructs_lib.wiring.transport_keys import let_service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_cdk import aws_kms as kms

_LONGEST_LOG_GROUP_NAME = 512


class LogCopy(Construct):
    """An encrypted log group, and a role in which CloudTrail writes its own log streams there and nothing else.

    CloudTrail sends no `aws:SourceArn` when it assumes the role: AWS says that the role supports neither that nor
    `aws:SourceAccount`, so that whoever may pass it, `iam:PassRole`, could have another trail of the account write into
    this log group. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html

    Attributes:
        log_group: The log group.
        role: The role.
    """

    log_group: logs.LogGroup
    role: iam.Role

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        operations_key: "kms.IKey",
        retention: logs.RetentionDays,
        streams: "Iterable[str]",
    ) -> None:
        """Define log group and role.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            operations_key: The key of the log group.
            retention: How long events are kept there.
            streams: How the names of CloudTrail's log streams begin.
        """
        super().__init__(scope, construct_id)
        self.log_group = logs.LogGroup(
            self,
            "Resource",
            encryption_key=operations_key,
            retention=retention,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        self._admit_logs(operations_key)
        # A role of another stack than the key gets a name made from its id: people meet it in policies and reports.
        self.role = iam.Role(self, "TrailRole", assumed_by=iam.ServicePrincipal("cloudtrail.amazonaws.com"))
        self._let_write([self._arn(f"{self.log_group.log_group_name}:log-stream:{begin}*") for begin in streams])

    @property
    def policy(self) -> Construct:
        """What the role must have before CloudTrail looks whether it may write."""
        return cast("Construct", self.role.node.find_child("DefaultPolicy"))

    def _arn(self, name: str) -> str:
        return cdk.Stack.of(self).format_arn(
            service="logs", resource="log-group", resource_name=name, arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME
        )

    def _admit_logs(self, operations_key: "kms.IKey") -> None:
        stack = cdk.Stack.of(self)
        text = TokenText(stack)
        resource = cast("cdk.CfnElement", self.log_group.node.default_child)
        arn = self._arn(generated_pattern(resource, longest=_LONGEST_LOG_GROUP_NAME))
        use = encrypt_log_group_at(region=text.text(stack.region), log_group_arn=text.text(arn))
        let_service(self, operations_key, use, argument="operations_key", otherwise="the log group cannot be created")

    def _let_write(self, streams: list[str]) -> None:
        for actions in (CREATE_LOG_STREAMS, WRITE_LOG_EVENTS):
            self.role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=streams))
        resolved = cdk.Stack.of(self).resolve(streams)
        answer(
            self.policy,
            {
                **{f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS},
                **{f"AwsSolutions-IAM5[Resource::{as_found(each)}]": LOG_STREAMS for each in resolved},
            },
        )
