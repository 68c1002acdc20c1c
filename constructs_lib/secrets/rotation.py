"""Rotation: what a secret is told about how it is rotated, by a function of the app or by one of AWS."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.wiring.expected_names import expected_name
from constructs_lib.wiring.findings import HIPAA, NIST, answer
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct, IConstruct

SCHEDULE = "RotationSchedule"
"""Id of the schedule beneath its secret."""

# Rules of cdk-nag that look for a schedule in the stack of the secret.
_WITHOUT_SCHEDULE = ("AwsSolutions-SMG4", *(f"{pack}-SecretsManagerRotationEnabled" for pack in (HIPAA, NIST)))
_DIGITS_OF_AN_ADDRESS = 8
_INVOKER = "secretsmanager.amazonaws.com"
_LONGEST_FUNCTION_NAME = 64
_PERMISSION = "InvokedBySecretsManager"


class WhenChanged(Enum):
    """What happens when the schedule is made or changed.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-rotationschedule.html
    """

    ROTATE_AT_ONCE = True
    """The secret is rotated during the deployment: what is wrong with the rotation shows there."""
    WAIT_FOR_THE_WINDOW = False
    """Secrets Manager calls the step `testSecret` alone, and rotates in the next window."""


@runtime_checkable
class Rotation(Protocol):
    """How a secret is rotated: `ByFunction` or `Hosted`.

    A secret asks `grantee` and `hosted_function_arn` whom to admit, and then `attach`:

    - `grantee` is a role that needs, on the secret, the actions `ROTATE_SECRET` of `constructs_lib.secret_actions`,
      under the key what `secrets_manager.write_secret` says, and a place among those who may read in the resource
      policy. It is None for a hosted rotation.
    - `hosted_function_arn` is the ARN of a function whose role nobody can name, because it is made during the
      deployment: the resource policy admits it by the function's name. It is None for a function of the app. The key
      then admits `write_secret(...)` for sessions of that name: the role has the rest in its own policy.
    - `demanded_fields` are the names that the JSON of the secret must hold, or empty for any content.
    """

    @property
    def schedule(self) -> RotationSchedule:
        """When the secret is rotated."""

    @property
    def grantee(self) -> iam.IGrantable | None:
        """The role that rotates, if the app has it."""

    @property
    def demanded_fields(self) -> frozenset[str]:
        """What the JSON of the secret must hold beside what else it holds."""

    def hosted_function_arn(self, scope: "Construct") -> str | None:
        """Return the ARN of a function whose role cannot be named.

        Args:
            scope: The secret.
        """

    def invoked_as(self, secret: "Construct") -> tuple[str, str]:
        """Return what policies in the secret's stack call the function, and those in other stacks, without a reference.

        Args:
            secret: The secret.
        """

    def attach(
        self, secret: "Construct", *, secret_arn: str, encryption_key: "kms.IKey", excluded_characters: str
    ) -> secretsmanager.CfnRotationSchedule:
        """Define the schedule beneath the secret, and let Secrets Manager invoke the function.

        What the function needs to rotate must be there before: the caller adds these dependencies to what is returned.

        Args:
            secret: The construct that owns the schedule, as its child `RotationSchedule`.
            secret_arn: The secret, or its attachment to a database, so that this exists first.
            encryption_key: The key of the secret.
            excluded_characters: What no password may hold.
        """


@dataclass(frozen=True, kw_only=True)
class ByFunction:
    """Rotation by a function of the app: `RotationFunction(...).function`, or one of one's own.

    Attributes:
        function: The function that Secrets Manager invokes for each step.
        schedule: When.
        when_changed: Whether the secret is rotated during the deployment.
    """

    function: "lambda_.IFunction"
    schedule: RotationSchedule
    when_changed: WhenChanged = WhenChanged.ROTATE_AT_ONCE

    def __post_init__(self) -> None:
        """Refuse what is neither a function nor a schedule.

        Raises:
            ConfigurationError: If one is none.
        """
        if not hasattr(self.function, "function_arn"):
            raise ConfigurationError(
                f"function must be a function, such as RotationFunction(...).function, got {spoken(self.function)}"
            )
        check_instance("schedule", self.schedule, RotationSchedule)
        check_instance("when_changed", self.when_changed, WhenChanged)

    @property
    def grantee(self) -> iam.IGrantable | None:
        """The function's role."""
        return self.function

    @property
    def demanded_fields(self) -> frozenset[str]:
        """Nothing: it is the function's own matter."""
        return frozenset()

    def hosted_function_arn(self, scope: "Construct") -> str | None:  # noqa: ARG002  # part of the protocol
        """Return nothing: the role is named instead."""
        return None

    def invoked_as(self, secret: "Construct") -> tuple[str, str]:
        """Return the function's ARN, and the same by the name that it has or will get.

        Args:
            secret: The secret.
        """
        resource = self.function.node.default_child
        if not isinstance(resource, lambda_.CfnFunction):
            return self.function.function_arn, self.function.function_arn
        stack = cdk.Stack.of(self.function)
        by_name = stack.format_arn(
            service="lambda",
            resource="function",
            resource_name=expected_name(self.function, given=resource.function_name, longest=_LONGEST_FUNCTION_NAME),
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        return self.function.function_arn if stack is cdk.Stack.of(secret) else by_name, by_name

    def attach(
        self,
        secret: "Construct",
        *,
        secret_arn: str,
        encryption_key: "kms.IKey",  # noqa: ARG002  # part of the protocol
        excluded_characters: str,  # noqa: ARG002  # part of the protocol: the function has them from its environment
    ) -> secretsmanager.CfnRotationSchedule:
        """Define the schedule, and let Secrets Manager invoke the function for secrets of this account alone.

        The policy of the function's role names the secret. So where the function is of another stack, the schedule is
        of that stack too: each of two stacks would wait for the other otherwise.

        Args:
            secret: The construct that owns the schedule, unless the function is of another stack.
            secret_arn: The secret, or its attachment.
            encryption_key: The key of the secret.
            excluded_characters: What no password may hold.
        """
        scope, construct_id = self._place(secret)
        schedule = secretsmanager.CfnRotationSchedule(
            scope,
            construct_id,
            secret_id=secret_arn,
            rotation_lambda_arn=self.function.function_arn,
            rotate_immediately_on_update=self.when_changed.value,
            rotation_rules=self.schedule.rules,
        )
        schedule.node.add_dependency(self._permission(secret), self.function)
        return schedule

    def _place(self, secret: "Construct") -> "tuple[Construct, str]":
        stack = cdk.Stack.of(self.function)
        if stack is cdk.Stack.of(secret):
            return secret, SCHEDULE
        elsewhere = f"The rotation schedule is with the function, in the stack {stack.node.path}."
        answer(secret, dict.fromkeys(_WITHOUT_SCHEDULE, elsewhere))
        return cast("Construct", self.function), f"{SCHEDULE}{secret.node.addr[-_DIGITS_OF_AN_ADDRESS:]}"

    def _permission(self, secret: "Construct") -> "IConstruct":
        found = self.function.node.try_find_child(_PERMISSION)
        if found is None:
            # One for all secrets: each takes room in the function's policy, and AWS documents the account alone.
            # https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
            self.function.add_permission(
                _PERMISSION,
                principal=iam.ServicePrincipal(_INVOKER),
                source_account=cdk.Stack.of(secret).account,
            )
            found = self.function.node.try_find_child(_PERMISSION)
        if found is None:
            cdk.Annotations.of(secret).add_warning_v2(
                "cdk-key-management:rotation-function-elsewhere",
                f"the policy of the function {self.function.node.path} cannot be written from here; its owner must let "
                f"{_INVOKER} invoke it with this account as aws:SourceAccount, or the secret cannot be rotated",
            )
            return self.function
        return found
