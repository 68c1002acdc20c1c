"""ServiceUse: one use of a key by an AWS service, and what it needs of the key policy. No jsii.

    ServiceUse(title=, page=, running=(Allowance(sid=, actions=, service=, role=, conditions=), ...), creator=)
    use.permissions(callers=()) -> tuple[Permission, ...]
    use.statements(callers=()) -> tuple[Statement, ...]
    statements_of((use, callers), ...) -> tuple[Statement, ...]

Strings hold `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`, so that one text is right in every
partition, account and Region; who hands the policy to the CDK puts the tokens in.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Conditions, Permission, Principal, canonical_conditions, merge_conditions
from constructs_lib.statements import Statement

PARTITION = "${AWS::Partition}"
REGION = "${AWS::Region}"
ACCOUNT = "${AWS::AccountId}"
"""Where the key is; the functions of the catalogue take the place of the other side where that is elsewhere."""

SYMMETRIC = "SYMMETRIC_DEFAULT"

VIA_SERVICE = "kms:ViaService"
SOURCE_ACCOUNT = "aws:SourceAccount"
SOURCE_ARN = "aws:SourceArn"

Callers = Sequence[Principal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one principal may do with the key while the service runs.

    Attributes:
        sid: Of its statement: letters and digits, different for each resource.
        actions: Exact KMS actions.
        service: The service principal that calls KMS for itself; empty for a role.
        role: The ARN of a role that is always the same, such as a service-linked one; empty for a service, and for
            callers whom the user of the catalogue names.
        conditions: What else must hold.
    """

    sid: str
    actions: tuple[str, ...]
    service: str = ""
    role: str = ""
    conditions: Conditions = field(default_factory=dict)

    @property
    def is_for_callers(self) -> bool:
        """Whether it is for callers whom the user names."""
        return not self.service and not self.role

    def principals(self, callers: Callers) -> tuple[Principal, ...]:
        """Return who is admitted.

        Args:
            callers: Whom the user named.
        """
        if self.service:
            return (Principal("Service", self.service),)
        return (Principal.by_arn(self.role),) if self.role else tuple(callers)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUse:
    """One use of a key by an AWS service.

    Attributes:
        title: What is used, as a table names it.
        page: The AWS page that says so.
        running: What the principals need that use the key while the service runs.
        creator: Through which service whoever creates the resource uses the key: a name in
            `constructs_lib.service_access.creators.CREATORS`. Empty if creation asks nothing of the key.
        key_spec: The only kind of key that works.
        key_region: The only Region in which the key works; empty for any.

    Examples:
        >>> lists = Allowance(sid="Lists", actions=("kms:DescribeKey",), service="dynamodb.amazonaws.com")
        >>> ServiceUse(title="a list", page="https://docs.aws.amazon.com/", running=(lists,)).statements()[0].sid
        'Lists'
    """

    title: str
    page: str
    running: tuple[Allowance, ...] = ()
    creator: str = ""
    key_spec: str = SYMMETRIC
    key_region: str = ""

    @property
    def takes_callers(self) -> bool:
        """Whether the user must name callers: roles that use the key through the service."""
        return any(allowance.is_for_callers for allowance in self.running)

    def permissions(self, callers: Callers = ()) -> tuple[Permission, ...]:
        """Return who may do what, one permission a principal.

        Args:
            callers: Who uses the key through the service, for uses that take callers.

        Raises:
            ConfigurationError: If callers are missing, services, or named where the service calls KMS for itself.
        """
        self._check(callers)
        return tuple(
            Permission(principal, allowance.actions, canonical_conditions(allowance.conditions))
            for allowance in self.running
            for principal in allowance.principals(callers)
        )

    def statements(self, callers: Callers = ()) -> tuple[Statement, ...]:
        """Return the statements for a key policy.

        Args:
            callers: Who uses the key through the service, for uses that take callers.

        Raises:
            ConfigurationError: If callers are missing, services, or named where the service calls KMS for itself.
        """
        return statements_of((self, callers))

    def without(self, actions: Collection[str]) -> "ServiceUse":
        """Return the same use without some actions, and without what creation needs.

        Args:
            actions: What is left out.
        """
        kept = [(each, tuple(action for action in each.actions if action not in actions)) for each in self.running]
        running = tuple(replace(each, actions=left) for each, left in kept if left)
        return replace(self, running=running, creator="")

    def _check(self, callers: Callers) -> None:
        if self.takes_callers and not callers:
            raise ConfigurationError(f"callers must name who uses the key for {self.title}, got nobody")
        for caller in callers:
            if caller.kind == "Service":
                raise ConfigurationError(
                    f"callers must be roles and users for {self.title}, got the service {caller.value}"
                )
        if callers and not self.takes_callers:
            raise ConfigurationError(
                f"callers must be nobody for {self.title}, where the service calls KMS for itself, "
                f"got {callers[0].named or callers[0].value}"
            )


def statements_of(*uses: tuple[ServiceUse, Callers]) -> tuple[Statement, ...]:
    """Return the statements of several uses: callers of the same use share a statement, nothing is said twice.

    Args:
        uses: Each use with its callers.

    Raises:
        ConfigurationError: If callers are missing, services, or named where the service calls KMS for itself.
    """
    found: dict[str, tuple[Allowance, dict[Principal, None]]] = {}
    for use, callers in uses:
        use._check(callers)  # noqa: SLF001  # a function of this module: one use is the special case of several
        for allowance in use.running:
            conditions = canonical_conditions(allowance.conditions)
            same = json.dumps([allowance.sid, sorted(allowance.actions), conditions])
            principals = found.setdefault(same, (allowance, {}))[1]
            principals.update(dict.fromkeys(allowance.principals(callers)))
    return tuple(
        statement
        for allowance, principals in found.values()
        for statement in Statement.for_callers(allowance.sid, principals, allowance.actions, allowance.conditions)
    )


def via(service: str, region: str = REGION) -> Conditions:
    """Admit requests only through a service of one Region. The suffix is `.amazonaws.com` in every partition.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service

    Args:
        service: The first part of `kms:ViaService`.
        region: Region of the service.

    Examples:
        >>> via("s3", "eu-west-1")
        {'StringEquals': {'kms:ViaService': ('s3.eu-west-1.amazonaws.com',)}}
    """
    return {"StringEquals": {VIA_SERVICE: (f"{service}.{region}.amazonaws.com",)}}


def in_context(key: str, *values: str) -> Conditions:
    """Admit requests only with a value of the encryption context, which may be a pattern.

    Args:
        key: The context's key.
        values: What it may be.

    Examples:
        >>> in_context("aws:dynamodb:tableName", "orders")
        {'StringEquals': {'kms:EncryptionContext:aws:dynamodb:tableName': ('orders',)}}
    """
    operator = "StringLike" if any("*" in value or "?" in value for value in values) else "StringEquals"
    return {operator: {f"kms:EncryptionContext:{key}": values}}


def from_account(account: str = ACCOUNT) -> Conditions:
    """Admit a service only when it acts for one account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html

    Args:
        account: The account.
    """
    return {"StringEquals": {SOURCE_ACCOUNT: (account,)}}


def from_arn(*arns: str) -> Conditions:
    """Admit a service only when it acts for these resources.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html

    Args:
        arns: ARNs, or patterns of them.
    """
    return {"ArnLike": {SOURCE_ARN: arns}}


def both(*conditions: Conditions) -> Conditions:
    """Demand all of several conditions.

    Args:
        conditions: Which.

    Raises:
        ConfigurationError: If two demand different values of one key under one operator.
    """
    return reduce(merge_conditions, conditions)
