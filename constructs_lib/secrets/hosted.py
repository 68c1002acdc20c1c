"""Hosted: rotation of a database's password by a function that AWS makes while the stack is deployed."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.functions.function_network import FunctionNetwork
from constructs_lib.secrets.database_engine import DatabaseEngine
from constructs_lib.secrets.generated import Generated
from constructs_lib.secrets.hosted_fields import check_hosted_fields, missing_address
from constructs_lib.secrets.hosted_names import check_free_name, take_name
from constructs_lib.secrets.hosted_roles import hosted_roles
from constructs_lib.secrets.rotation import SCHEDULE, WhenChanged
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.secrets.superuser import check_superuser
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from constructs_lib.secrets.secret_content import Content

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-rotationschedule-hostedrotationlambda.html
TRANSFORM = "AWS::SecretsManager-2024-09-16"
"""The macro of CloudFormation that makes the function."""

_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class HostedUsers(Enum):
    """How many users of the database take turns.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
    """

    SINGLE = "SingleUser"
    """One, whose password changes: for a moment the database refuses what the secret still says."""
    ALTERNATING = "MultiUser"
    """Two, of which a superuser changes the one that is not in use. The first rotation makes the second user."""


@runtime_checkable
class ReadByFunctions(Protocol):
    """A secret that can be told of a reader whose role nobody can name: a managed secret."""

    def let_function_read(self, function_arn: str, roles: str) -> None:
        """Admit what a function does, and the account for it under the key.

        Args:
            function_arn: The function, without a version.
            roles: The pattern of its role's ARN.
        """


@dataclass(frozen=True, kw_only=True)
class Hosted:
    """Rotation by a function of AWS, which the macro `AWS::SecretsManager-2024-09-16` makes in a stack of its own.

    The role of that function has a name that nobody knows before, so its name is given: policies admit it by that. Its
    stack needs the capability `CAPABILITY_AUTO_EXPAND`, which the CDK gives, and a deployer who may create roles and
    functions. Of its settings, such as memory or the key of its logs, nothing can be said.

    Attributes:
        engine: The database, as the content names it.
        function_name: Name of the function, 1 to 64 letters, digits, hyphens and underscores; no reference, and
            another one for each secret.
        schedule: When.
        users: How many users take turns.
        superuser: The secret of a user who may change the passwords of others. Wanted for alternating users, and for
            Db2. The rotated secret holds its ARN in the field `masterarn`.
        network: Where the database answers, if in a VPC alone: it must let the security groups in.
        when_changed: Whether the secret is rotated during the deployment.
    """

    engine: DatabaseEngine
    function_name: str
    schedule: RotationSchedule
    users: HostedUsers = HostedUsers.SINGLE
    superuser: secretsmanager.ISecret | None = None
    network: FunctionNetwork | None = None
    when_changed: WhenChanged = WhenChanged.ROTATE_AT_ONCE

    def __post_init__(self) -> None:
        """Refuse what AWS would refuse, or would find out at the first rotation.

        Raises:
            ConfigurationError: If the engine is unknown, the name is none, or a superuser is missing or needless.
        """
        _check_engine(self.engine)
        check_instance("schedule", self.schedule, RotationSchedule)
        check_instance("users", self.users, HostedUsers)
        check_instance("when_changed", self.when_changed, WhenChanged)
        if not isinstance(self.function_name, str) or not _FUNCTION_NAME.fullmatch(self.function_name):
            raise ConfigurationError(
                "function_name must be 1 to 64 letters, digits, hyphens and underscores, known before the deployment, "
                f"got {spoken(self.function_name)}"
            )
        _check_superuser(self.engine, self.users, self.superuser)
        if self.network is not None:
            check_instance("network", self.network, FunctionNetwork)

    @property
    def grantee(self) -> "iam.IGrantable | None":
        """Nobody: the role is made during the deployment."""
        return None

    def check(self, scope: "Construct", content: "Content") -> None:
        """Refuse a content at which the function would stop, and the name of another secret's function.

        Args:
            scope: What will own the secret.
            content: What it will hold.

        Raises:
            ConfigurationError: If the content is of another database, has no credentials, or the name is taken.
        """
        check_hosted_fields(content, self.engine, self.superuser)
        check_free_name(scope, self.function_name)

    def hosted_function_arn(self, scope: "Construct") -> str | None:
        """Return the function's ARN.

        Args:
            scope: The secret.
        """
        return cdk.Stack.of(scope).format_arn(
            service="lambda",
            resource="function",
            resource_name=self.function_name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )

    def invoked_as(self, secret: "Construct") -> tuple[str, str]:
        """Return the function's ARN, by its literal name.

        Args:
            secret: The secret.
        """
        arn = str(self.hosted_function_arn(secret))
        return arn, arn

    def attach(
        self, secret: "Construct", *, secret_arn: str, encryption_key: "kms.IKey", content: "Content"
    ) -> secretsmanager.CfnRotationSchedule:
        """Define the schedule with its function, and let that read the superuser's secret.

        Synthesis fails if the secret neither holds the address of the database nor is attached to one.

        Args:
            secret: The construct that owns the schedule.
            secret_arn: The secret, or its attachment.
            encryption_key: The key of the secret.
            content: What it holds.
        """
        cdk.Stack.of(secret).add_transform(TRANSFORM)
        self._let_read_superuser(secret)
        superuser_key = self.superuser.encryption_key if self.superuser else None
        function = secretsmanager.CfnRotationSchedule.HostedRotationLambdaProperty(
            rotation_type=f"{self.engine.rotation_type}{self.users.value}",
            rotation_lambda_name=self.function_name,
            exclude_characters=(content.never_drawn if isinstance(content, Generated) else "") or None,
            kms_key_arn=encryption_key.key_arn,
            master_secret_arn=self.superuser.secret_arn if self.superuser else None,
            master_secret_kms_key_arn=superuser_key.key_arn if superuser_key else None,
            vpc_subnet_ids=",".join(self.network.subnet_ids) if self.network else None,
            vpc_security_group_ids=",".join(self.network.security_group_ids) if self.network else None,
        )
        take_name(secret, self.function_name)
        schedule = secretsmanager.CfnRotationSchedule(
            secret,
            SCHEDULE,
            secret_id=secret_arn,
            hosted_rotation_lambda=function,
            rotate_immediately_on_update=self.when_changed.value,
            rotation_rules=self.schedule.rules,
        )
        if missing := missing_address(content):
            at_synthesis(secret, lambda: _unattached(schedule, secret_arn, missing))
        return schedule

    def _let_read_superuser(self, secret: "Construct") -> None:
        if self.superuser is None:
            return
        arn = self.hosted_function_arn(secret)
        if isinstance(self.superuser, ReadByFunctions) and arn is not None:
            self.superuser.let_function_read(arn, hosted_roles(secret))
            return
        cdk.Annotations.of(secret).add_info(
            f"the key of the superuser's secret {self.superuser.node.path} must admit {self.function_name}: call "
            "key.allow(secrets_manager.read_secret(...), iam.AccountRootPrincipal()) on a key of this library"
        )


def _unattached(schedule: secretsmanager.CfnRotationSchedule, secret_arn: str, missing: list[str]) -> list[str]:
    stack = cdk.Stack.of(schedule)
    if stack.resolve(schedule.secret_id) != stack.resolve(secret_arn):  # an attachment, which writes both
        return []
    found = (
        f"content must say {' and '.join(missing)}, or the secret be attached to a database by attach(...), got "
        "neither: the function of the hosted rotation would not find the database"
    )
    return [found]


def _check_engine(engine: object) -> None:
    if not isinstance(engine, DatabaseEngine):
        known = ", ".join(f"DatabaseEngine.{each.name}" for each in DatabaseEngine)
        raise ConfigurationError(
            f"engine must be one of {known}; any other takes a RotationFunction, got {spoken(engine)}"
        )


def _check_superuser(engine: DatabaseEngine, users: HostedUsers, superuser: secretsmanager.ISecret | None) -> None:
    is_wanted = users is HostedUsers.ALTERNATING or engine is DatabaseEngine.DB2
    if superuser is not None:
        check_superuser(superuser)
    if is_wanted and superuser is None:
        who = "alternating users" if users is HostedUsers.ALTERNATING else "Db2, where nobody changes his own password"
        raise ConfigurationError(f"superuser must be a secret for {who}, got None")
    if not is_wanted and superuser is not None:
        raise ConfigurationError(
            f"superuser must be None for a single user of {engine.rotation_type}, got {superuser.node.path}; "
            "say users=HostedUsers.ALTERNATING if two shall take turns"
        )
