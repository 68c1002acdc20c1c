"""What the CDK's constructs ask of a key in the name of a service, narrowed to what the catalogue says. No jsii.

    narrowed(asked, *, account, partition, before) -> Narrowed(permissions=, page=, creator=, instead=, must=)

Only what is known is narrowed: services of `service_rules.RULES`, and callers who come through Secrets Manager or EC2.
All else stays as it was asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from constructs_lib.actions import DECRYPT, DESCRIBE, ENCRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, Permission, arn_parts, canonical_conditions, merge_conditions
from constructs_lib.service_access.service_rules import LOG_GROUPS, LOGS_CONTEXT, RULES, ServiceRule
from constructs_lib.service_access.service_use import (
    PARTITION,
    SOURCE_ACCOUNT,
    SOURCE_ARN,
    VIA_SERVICE,
    from_account,
    from_arn,
)

_CONTEXT = "kms:encryptioncontext:"
_READ_AND_WRITE = (*DECRYPT, *GENERATE_DATA_KEY)
_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
_SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"
_VOLUMES = "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html"
_EVERY_LOG_GROUP = re.compile(r"arn:[^:]*:logs:[^:]*:[^:]*:(log-group:)?\*(:\*)?")

_OF_ACCOUNTS = {VIA_SERVICE.lower(), "kms:calleraccount"}
_LIMITING = ("StringEquals", "StringLike")
_OF_ARNS = ("ArnEquals", "ArnLike", *_LIMITING)

_READERS = (
    "whoever reads, writes or rotates a secret is admitted by the secret's own methods, or by "
    "key.allow(secrets_manager.read_secret(secret_name=...), role)"
)
_MAKERS = "whoever makes volumes beside the deployers is admitted by key.allow(ebs.encrypt_volumes(), role)"
_BY_NAME = (
    "each log group is admitted by its name, with key.allow(cloudwatch_logs.encrypt_log_group(log_group_name=...))"
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is given instead of what was asked.

    Attributes:
        permissions: Nothing, if the creator's own permissions suffice; several, if conditions fit not all actions.
        page: The AWS page that says what is needed; empty if nothing changed.
        creator: The service through which whoever creates the resource uses the key, if that can be known; or empty.
        instead: How those are admitted by name whom nothing was given; empty if nobody loses anything.
        must: What an AWS service must be given instead, if nothing was left for it; otherwise empty.
    """

    permissions: tuple[Permission, ...]
    page: str = ""
    creator: str = ""
    instead: str = ""
    must: str = ""


def narrowed(
    asked: Permission, *, account: str, partition: str = PARTITION, before: Permission | None = None
) -> Narrowed:
    """Return what is needed of what was asked.

    Args:
        asked: What a construct of the CDK asks for, with exact actions.
        account: Account of the key.
        partition: Partition of the key.
        before: What was granted right before, if this is a statement that was added after it.

    Examples:
        >>> from constructs_lib.principals import Principal
        >>> bucket = Principal("Service", "s3.amazonaws.com")
        >>> [given] = narrowed(Permission(bucket, ("kms:Decrypt", "kms:Encrypt")), account="111122223333").permissions
        >>> given.actions, given.conditions
        (('kms:Decrypt',), {'StringEquals': {'aws:SourceAccount': ('111122223333',)}})
    """
    if asked.effect == "Deny":
        return Narrowed((asked,))
    if asked.principal.kind == "Service":
        return Narrowed((), _QUEUES) if _repeats(asked, before) else _of_service(asked, partition, account)
    services = {value.partition(".")[0] for value in _values(asked.conditions, VIA_SERVICE)}
    trusts_account = _is_everybody_of(account, asked)
    if services == {"secretsmanager"}:
        # It makes no grants. Whoever creates or changes a secret calls as himself, so the deployer's own permission is
        # enough for that, and readers, writers and rotation functions are granted theirs by name.
        return Narrowed((), _SECRETS, "secretsmanager", _READERS) if trusts_account else _with_a_secret(asked)
    if services == {"ec2"} and trusts_account:
        # A volume is created by the deployer, and attached by roles that are granted that by themselves.
        return Narrowed((), _VOLUMES, "ec2", _MAKERS)
    return Narrowed((asked,))


def _is_everybody_of(account: str, asked: Permission) -> bool:
    """Whether it is for the key's own account, and under no condition but those of the CDK's constructs."""
    if not asked.principal.is_account or arn_parts(asked.principal.value)[4] != account:
        return False
    return all(name.lower() in _OF_ACCOUNTS for keys in asked.conditions.values() for name in keys)


def _repeats(asked: Permission, before: Permission | None) -> bool:
    """Whether it asks without conditions what was granted for one source right before.

    An event notification to a queue grants the bucket, by its ARN, what it sends with, and then adds a statement for
    S3 without a source, so that the destination can be checked: as the same bucket.
    """
    if before is None or asked.conditions or not re.fullmatch(r"s3\.amazonaws\.com", _filled(asked.principal.value)):
        return False
    granted = before.principal == asked.principal and set(asked.actions) <= set(before.actions)
    return granted and bool(_values(before.conditions, SOURCE_ARN, _OF_ARNS))


def _of_service(asked: Permission, partition: str, account: str) -> Narrowed:
    arns = _values(asked.conditions, _CONTEXT + LOGS_CONTEXT, _OF_ARNS)
    if any(_EVERY_LOG_GROUP.fullmatch(_filled(arn)) for arn in arns):
        # ECS Exec asks so, whichever log group it writes to, and whether that is under this key or not.
        return Narrowed((), LOG_GROUPS, instead=_BY_NAME, must=f"about a log group ({_BY_NAME})")
    contexts = {name.lower().removeprefix(_CONTEXT) for name in _names(asked.conditions, _CONTEXT)}
    for rule in RULES:
        if re.fullmatch(rule.service, _filled(asked.principal.value)) and rule.is_about(asked.actions, contexts):
            return _by_rule(asked, rule, partition, account)
    return Narrowed((asked,))


def _by_rule(asked: Permission, rule: ServiceRule, partition: str, account: str) -> Narrowed:
    conditions = asked.conditions
    if rule.sent and not _names(conditions, SOURCE_ACCOUNT.lower()):
        conditions = merge_conditions(conditions, from_account(account))
    if rule.source and not _names(conditions, SOURCE_ARN.lower()):
        source = rule.source.format(partition=partition, account=account)
        conditions = merge_conditions(conditions, from_arn(source))
    kept = replace(asked, actions=_kept(asked.actions, rule.actions), conditions=canonical_conditions(conditions))
    permissions = [kept] if kept.actions else []
    if rule.context and DESCRIBE in asked.actions and _is_needed_elsewhere(rule):
        # It has no encryption context, so under one it would allow nothing.
        bare = _without(asked.conditions, _CONTEXT)
        permissions.append(Permission(asked.principal, (DESCRIBE,), bare))
    unchanged = permissions == [replace(asked, conditions=canonical_conditions(asked.conditions))]
    if unchanged:
        return Narrowed((asked,), creator=rule.creator)
    return Narrowed(tuple(permissions), rule.page, rule.creator, must="" if permissions else rule.must)


def _with_a_secret(asked: Permission) -> Narrowed:
    rotates = {*DECRYPT, *ENCRYPT[:1]} <= set(asked.actions)
    # Without Decrypt it is somebody who writes: UpdateSecret, unlike PutSecretValue, needs Encrypt.
    needed = _READ_AND_WRITE if rotates else (*_READ_AND_WRITE, *ENCRYPT[:1])
    kept = _kept(asked.actions, (*needed, DESCRIBE))  # which readers of other accounts need
    if kept == asked.actions:
        return Narrowed((asked,))
    return Narrowed((replace(asked, actions=kept),) if kept else (), _SECRETS)


def _is_needed_elsewhere(rule: ServiceRule) -> bool:
    return any(other.service == rule.service and DESCRIBE in other.actions for other in RULES)


def _kept(actions: Iterable[str], needed: Iterable[str]) -> tuple[str, ...]:
    allowed = frozenset(needed)
    return tuple(action for action in actions if action in allowed)


def _names(conditions: Conditions, beginning: str) -> list[str]:
    return [name for keys in conditions.values() for name in keys if name.lower().startswith(beginning)]


def _values(conditions: Conditions, name: str, operators: Iterable[str] = _LIMITING) -> list[str]:
    """Return the values to which operators limit a condition key, not those that another operator excludes."""
    return [
        value
        for operator in operators
        for key, values in conditions.get(operator, {}).items()
        if key.lower() == name.lower()
        for value in values
    ]


def _without(conditions: Conditions, beginning: str) -> Conditions:
    return canonical_conditions({
        operator: {name: values for name, values in keys.items() if not name.lower().startswith(beginning)}
        for operator, keys in conditions.items()
    })


def _filled(text: str) -> str:
    return re.sub(r"\$\{[^}]*\}", "any", text.replace("${AWS::URLSuffix}", "amazonaws.com"))
