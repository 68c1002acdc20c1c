"""When a certificate is imported again: after a call that gave its secret another value, and twice a day."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam

from constructs_lib.wiring.call_pattern import call_pattern
from constructs_lib.wiring.findings import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from constructs_lib.wiring.secret_in_records import SecretInRecords

CALLS_THAT_CHANGE_A_VALUE = ("PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage")
"""A rotation puts a version and moves its label, so it needs no other call.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
"""
LOOKED_EVERY = "rate(12 hours)"
_EVENTS = "events.amazonaws.com"
_CERTIFICATE_ARN = "certificate_arn"  # as `certificate_care.import_settings` has it
_LONGEST_DESCRIPTION = 512  # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
_ASKED_AGAIN = (
    "The event says only that the function should look at the secret, which it does twice a day anyway: one that does "
    "not arrive costs half a day, and a queue would keep nothing that anybody needs."
)


def pattern_of(secret: "SecretInRecords") -> Mapping[str, Any]:
    """Return the pattern of calls that gave a secret another value.

    Records of older days lack an answer, so what a caller wrote is looked at as well.

    Args:
        secret: The secret.
    """
    return call_pattern("secretsmanager", CALLS_THAT_CHANGE_A_VALUE, secret.in_answer_or_request)


def import_on_change(
    scope: "Construct", function: "lambda_.Function", *, secret: "SecretInRecords", certificate_arn: str
) -> "Sequence[events.CfnRule]":
    """Define the rules that have a function import a certificate again.

    An event that is lost costs half a day: whatever comes next, the function reads the current value.

    Args:
        scope: The construct that owns them.
        function: The function.
        secret: The secret that holds the certificate.
        certificate_arn: The certificate.
    """
    stack = cdk.Stack.of(scope)
    target = events.CfnRule.TargetProperty(
        id="Import",
        arn=function.function_arn,
        input=stack.to_json_string({_CERTIFICATE_ARN: certificate_arn}),
    )
    changed = events.CfnRule(
        scope,
        "Changed",
        description=f"Another value is imported into ACM: {secret.called}"[:_LONGEST_DESCRIPTION],
        event_pattern=pattern_of(secret),
        targets=[target],
    )
    regularly = events.CfnRule(
        scope,
        "Regularly",
        description=f"What no event told is imported into ACM: {secret.called}"[:_LONGEST_DESCRIPTION],
        schedule_expression=LOOKED_EVERY,
        targets=[target],
    )
    for rule in (changed, regularly):
        answer(rule, {"Serverless-EventBusDLQ": _ASKED_AGAIN})
        # It has the account; another condition is none that EventBridge is documented to send.
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
        function.add_permission(rule.node.id, principal=iam.ServicePrincipal(_EVENTS), source_arn=rule.attr_arn)
    return (changed, regularly)
