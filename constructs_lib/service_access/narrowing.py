"""What the CDK's constructs ask of a key in the name of a service, narrowed to what the catalogue says. No jsii.

    narrowed(asked, *, account) -> Narrowed(permissions=, page=, creator=, instead=)

Only what is known is narrowed: services of the table below, and callers who come through Secrets Manager or EC2. All
else stays as it was asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from constructs_lib.actions import DECRYPT, DESCRIBE, ENCRYPT, GENERATE_DATA_KEY, RE_ENCRYPT, USE
from constructs_lib.principals import Conditions, Permission, arn_parts, canonical_conditions, merge_conditions
from constructs_lib.service_access.service_use import SOURCE_ACCOUNT, VIA_SERVICE, from_account

_CONTEXT = "kms:encryptioncontext:"
_READ_AND_WRITE = (*DECRYPT, *GENERATE_DATA_KEY)
_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
_TOPICS = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
_EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html"
_SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"
_VOLUMES = "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html"
_LOG_GROUPS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
_LOGS_CONTEXT = "aws:logs:arn"
_EVERY_LOG_GROUP = re.compile(r"arn:[^:]*:logs:[^:]*:[^:]*:(log-group:)?\*(:\*)?")

_OF_ACCOUNTS = {VIA_SERVICE.lower(), "kms:calleraccount"}

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
    """

    permissions: tuple[Permission, ...]
    page: str = ""
    creator: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRule:
    """What a service principal needs, over all rows of the catalogue.

    Attributes:
        service: A regular expression for the service principal.
        actions: Exact actions that carry an encryption context where `context` is one, and any otherwise.
        page: The AWS page that says so.
        context: A key of the encryption context that the request must be bound to for the rule to apply.
        sent: Whether all uses send `aws:SourceAccount`, with the page that says so; empty if not.
        creator: The service through which whoever creates the resource uses the key; empty if he does not.
    """

    service: str
    actions: tuple[str, ...]
    page: str
    context: str = ""
    sent: str = ""
    creator: str = ""


RULES: tuple[ServiceRule, ...] = (
    ServiceRule(service=r"s3\.amazonaws\.com", actions=_READ_AND_WRITE, page=_QUEUES, sent=_TOPICS),
    ServiceRule(service=r"sns\.amazonaws\.com", actions=_READ_AND_WRITE, page=_QUEUES),
    ServiceRule(service=r"cloudwatch\.amazonaws\.com", actions=_READ_AND_WRITE, page=_TOPICS, sent=_TOPICS),
    ServiceRule(
        service=r"config\.amazonaws\.com",
        actions=_READ_AND_WRITE,
        page="https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html",
        sent="https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html",
    ),
    ServiceRule(
        service=r"events\.amazonaws\.com",
        context="aws:events:event-bus:arn",
        actions=(*_READ_AND_WRITE, *RE_ENCRYPT),
        page=_EVENTS,
        creator="events",
    ),
    # Rules that publish to a topic say for nobody that they act.
    ServiceRule(service=r"events\.amazonaws\.com", actions=(*_READ_AND_WRITE, DESCRIBE), page=_TOPICS),
    ServiceRule(
        service=r"logs\.[^.]+\.amazonaws\.com(\.cn)?",
        context=_LOGS_CONTEXT,
        actions=USE,
        page=_LOG_GROUPS,
        creator="logs",
    ),
    ServiceRule(
        service=r"lambda\.amazonaws\.com",
        actions=_READ_AND_WRITE,
        page="https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html",
    ),
    ServiceRule(
        service=r"cloudtrail\.amazonaws\.com",
        actions=(*_READ_AND_WRITE, DESCRIBE),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    ),
)
"""The first that applies decides."""


def narrowed(asked: Permission, *, account: str) -> Narrowed:
    """Return what is needed of what was asked.

    Args:
        asked: What a construct of the CDK asks for, with exact actions.
        account: Account of the key.

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
        return _of_service(asked, account)
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


def _of_service(asked: Permission, account: str) -> Narrowed:
    if any(_EVERY_LOG_GROUP.fullmatch(_filled(arn)) for arn in _values(asked.conditions, _CONTEXT + _LOGS_CONTEXT)):
        # ECS Exec asks so, whichever log group it writes to, and whether that is under this key or not.
        return Narrowed((), _LOG_GROUPS, instead=_BY_NAME)
    contexts = {name.lower().removeprefix(_CONTEXT) for name in _names(asked.conditions, _CONTEXT)}
    for rule in RULES:
        if re.fullmatch(rule.service, _filled(asked.principal.value)) and rule.context in {"", *contexts}:
            return _by_rule(asked, rule, account)
    return Narrowed((asked,))


def _by_rule(asked: Permission, rule: ServiceRule, account: str) -> Narrowed:
    conditions = asked.conditions
    if rule.sent and not _names(conditions, SOURCE_ACCOUNT.lower()):
        conditions = merge_conditions(conditions, from_account(account))
    kept = replace(asked, actions=_kept(asked.actions, rule.actions), conditions=canonical_conditions(conditions))
    permissions = [kept] if kept.actions else []
    if rule.context and DESCRIBE in asked.actions and _is_needed_elsewhere(rule):
        # It has no encryption context, so under one it would allow nothing.
        bare = _without(asked.conditions, _CONTEXT)
        permissions.append(Permission(asked.principal, (DESCRIBE,), bare))
    unchanged = permissions == [replace(asked, conditions=canonical_conditions(asked.conditions))]
    if unchanged:
        return Narrowed((asked,), creator=rule.creator)
    return Narrowed(tuple(permissions), rule.page, rule.creator)


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


def _values(conditions: Conditions, name: str) -> list[str]:
    return [
        value
        for keys in conditions.values()
        for key, values in keys.items()
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
