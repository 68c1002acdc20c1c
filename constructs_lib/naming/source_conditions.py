"""Conditions that the CDK brings along, without references that would end in a cycle.

A condition such as `aws:SourceArn` equal to a topic makes the key wait for the topic, while the topic, encrypted under
the key, waits for the key. CloudFormation refuses that, and across stacks the CDK does. So a resource of another stack,
or one that needs this key, is written by the ARN it will have: exact where it has a literal name, otherwise a pattern.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.role_names import UnnamedRoles, named_arn
from constructs_lib.naming.token_text import TokenText, referenced_in, tokens_in
from constructs_lib.principals import Conditions, Effect, arn_parts, canonical_conditions

_NEGATED = "Not"
_LOOSER = {"ArnEquals": "ArnLike", "StringEquals": "StringLike"}
_SOURCE_ARN, _SOURCE_ACCOUNT = "aws:SourceArn", "aws:SourceAccount"

# Where a resource of the CDK says which key it is encrypted under.
_KEY_PROPERTIES = (
    "kms_master_key_id",
    "kms_key_id",
    "kms_key_identifier",
    "bucket_encryption",
    "encryption_configuration",
    "stream_encryption",
)


@dataclass(frozen=True)
class _Naming:
    """How the ARN of a type ends, which attribute of the L1 holds its name, and how long names can be."""

    resource: str
    attribute: str
    longest: int
    generated_is_literal: bool = True


# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_NAMINGS = {
    "AWS::SNS::Topic": _Naming("{name}", "topic_name", 256),
    "AWS::SQS::Queue": _Naming("{name}", "queue_name", 80),
    "AWS::Events::EventBus": _Naming("event-bus/{name}", "name", 256),
    "AWS::Events::Rule": _Naming("rule/{name}", "name", 64),
    "AWS::S3::Bucket": _Naming("{name}", "bucket_name", 63, generated_is_literal=False),
}
# How the ARNs of a CloudFormation namespace name their service: not always by the same word.
_ARN_SERVICES = {
    "Backup": "backup",
    "CloudFront": "cloudfront",
    "CloudTrail": "cloudtrail",
    "CodeBuild": "codebuild",
    "DynamoDB": "dynamodb",
    "ECS": "ecs",
    "Events": "events",
    "Kinesis": "kinesis",
    "Lambda": "lambda",
    "Logs": "logs",
    "RDS": "rds",
    "S3": "s3",
    "SNS": "sns",
    "SQS": "sqs",
    "Scheduler": "scheduler",
    "SecretsManager": "secretsmanager",
    "StepFunctions": "states",
}
_GLOBAL_ARNS = ("s3", "route53", "cloudfront")  # neither Region nor account in the ARN
_RANDOM_PART = 14  # what CloudFormation appends to "<stack name>-<logical id>", with its hyphen


@dataclass(frozen=True)
class _Value:
    """A value of a condition as text, and the resource that it was written anew for."""

    text: str
    source: cdk.CfnResource | None = None

    @classmethod
    def read(cls, key: cdk.Resource, value: Any, text: TokenText, unnamed: UnnamedRoles) -> "_Value":  # noqa: ANN401
        if not isinstance(value, str):
            return cls(str(value).lower() if isinstance(value, bool) else str(value))
        source = _waiting_source(key, value)
        if isinstance(source, (iam.CfnRole, iam.CfnUser)) and referenced_in(value) is not None:
            return cls(text.text(named_arn(source, unnamed, key)), source)
        return cls(text.text(value if source is None else _arn_of(key, source, value)), source)


def localised(
    key: cdk.Resource,
    conditions: Mapping[str, Any],
    *,
    text: TokenText,
    unnamed: UnnamedRoles,
    effect: Effect,
) -> Conditions:
    """Return conditions as plain data, without references to what waits for the key or stands in another stack.

    Args:
        key: The key in whose policy they will stand.
        conditions: As a policy document writes them; values may be tokens.
        text: Names for the tokens of the key's stack.
        unnamed: What to do with a role of another stack that has no name.
        effect: Whether the conditions limit an Allow or a Deny.

    Raises:
        ConfigurationError: If a pattern would weaken a Deny, or be wrong, or a condition key holds a token.
    """
    written: dict[str, dict[str, tuple[str, ...]]] = {}

    def demand(operator: str, name: str, values: tuple[str, ...]) -> None:
        keys = written.setdefault(operator, {})
        keys[name] = (*keys.get(name, ()), *values)

    for operator, keys in conditions.items():
        for name, given in keys.items():
            if tokens_in(name):
                raise ConfigurationError(
                    f"[{key.node.path}] conditions must have keys that are known at synthesis, got {text.text(name)}"
                )
            values = [
                _Value.read(key, value, text, unnamed) for value in (given if isinstance(given, list) else [given])
            ]
            by_pattern = [value.source for value in values if value.source is not None and "*" in value.text]
            if by_pattern and (effect == "Deny" or _NEGATED in operator):
                raise ConfigurationError(
                    f"[{key.node.path}] {name} under {operator} of a {effect} must be a literal ARN, got a reference "
                    f"to {by_pattern[0].node.path}: a pattern in its place would deny less"
                )
            # Values are alternatives, so they stay together under one operator; both mean the same for a whole ARN.
            written_as = _LOOSER.get(operator, operator) if by_pattern else operator
            demand(written_as, name, tuple(value.text for value in values))
            for source in by_pattern:
                arn = next(value.text for value in values if value.source is source)
                _announce(key, source, arn)
                # Only where the ARN does not say it: not every service sends the account too.
                if name.lower() == _SOURCE_ARN.lower() and not _says_account(arn):
                    demand("StringEquals", _SOURCE_ACCOUNT, (text.text(cdk.Stack.of(source).account),))
    return canonical_conditions(written)


def _waiting_source(key: cdk.Resource, value: str) -> cdk.CfnResource | None:
    """Return the resource of another stack, or the one that needs this key, to which a value refers."""
    for token in tokens_in(value):
        target = referenced_in(token)
        if isinstance(target, cdk.CfnResource) and (
            cdk.Stack.of(target).node.path != cdk.Stack.of(key).node.path or _needs(target, key)
        ):
            return target
    return None


def _needs(resource: cdk.CfnResource, key: cdk.Resource) -> bool:
    stack = cdk.Stack.of(resource)
    child = key.node.default_child
    if not isinstance(child, cdk.CfnResource):
        return True  # a key that exists already, whose policy is written elsewhere and can refer to nothing here
    logical_id = stack.resolve(child.logical_id)
    for name in _KEY_PROPERTIES:
        value = getattr(resource, name, None)
        if value is not None and f"'{logical_id}'" in repr(stack.resolve(value)):
            return True
    return False


def _arn_of(key: cdk.Resource, source: cdk.CfnResource, value: str) -> str:
    stack = cdk.Stack.of(source)
    if referenced_in(value) is None:
        for token in tokens_in(value):
            target = referenced_in(token)
            # By path: jsii may show one construct as two Python objects.
            if target is not None and target.node.path == source.node.path:
                value = value.replace(token, "*")
        return value
    service = _service_of(source)
    if service is None:
        raise ConfigurationError(
            f"[{key.node.path}] a condition of a key policy must name {source.node.path} by a literal ARN, got a "
            f"reference to a {source.cfn_resource_type} that needs the key or is in another stack"
        )
    place = ":" if service in _GLOBAL_ARNS else f"{stack.region}:{stack.account}"
    naming = _NAMINGS.get(source.cfn_resource_type)
    resource = naming.resource.format(name=_name_of(source, naming)) if naming else "*"
    return f"arn:{stack.partition}:{service}:{place}:{resource}"


def _says_account(arn: str) -> bool:
    try:
        return arn_parts(arn)[4] not in {"", "*"}
    except ConfigurationError:
        return False


def _service_of(source: cdk.CfnResource) -> str | None:
    return _ARN_SERVICES.get(source.cfn_resource_type.split("::")[1])


def _name_of(source: cdk.CfnResource, naming: _Naming) -> str:
    stack = cdk.Stack.of(source)
    given = getattr(source, naming.attribute)
    name = stack.resolve(given) if given is not None else None
    if isinstance(name, str):
        return name
    generated = f"{stack.stack_name}-{stack.resolve(source.logical_id)}-"
    known = name is None and not tokens_in(stack.stack_name) and naming.generated_is_literal
    return f"{generated}*" if known and len(generated) + _RANDOM_PART <= naming.longest else "*"


def _announce(key: cdk.Resource, source: cdk.CfnResource, arn: str) -> None:
    if not isinstance(key.node.default_child, cdk.CfnResource):
        return  # a key that exists already: the whole statement is announced
    cdk.Annotations.of(key).add_info_v2(
        "cdk-key-management:source-by-pattern",
        f"the key policy admits {arn} for {source.node.path}, which needs the key itself or is in another stack; "
        "give it a literal name to have exactly that one admitted",
    )
