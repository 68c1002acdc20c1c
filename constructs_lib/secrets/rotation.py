"""Rotation: what a secret is told about how it is rotated, by a function of the app or by one of AWS."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.secrets.rotated_content import check_rotated_content
from constructs_lib.secrets.rotating_function import (
    arns_in_policies,
    check_beside,
    check_role,
    check_unversioned,
    let_secrets_manager_invoke,
)
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.wiring.findings import HIPAA, NIST, answer
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from constructs_lib.secrets.secret_content import Content

SCHEDULE = "RotationSchedule"
"""Id of the schedule beneath its secret."""

# Rules of cdk-nag that look for a schedule in the stack of the secret.
_WITHOUT_SCHEDULE = ("AwsSolutions-SMG4", *(f"{pack}-SecretsManagerRotationEnabled" for pack in (HIPAA, NIST)))


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

    A secret asks it to `check`, then `grantee` and `hosted_function_arn` whom to admit, and then to `attach`:

    - `grantee` is a role that needs, on the secret, the actions `ROTATE_SECRET` of `constructs_lib.secret_actions`,
      under the key what `secrets_manager.write_secret` says, and a place among those who may read in the resource
      policy. It is None for a hosted rotation.
    - `hosted_function_arn` is the ARN of a function whose role nobody can name, because it is made during the
      deployment: the resource policy admits it by the function's name. It is None for a function of the app. The key
      then admits `write_secret(...)` for sessions of that name: the role has the rest in its own policy.
    """

    @property
    def schedule(self) -> RotationSchedule:
        """When the secret is rotated."""

    @property
    def grantee(self) -> "iam.IGrantable | None":
        """The role that rotates, if the app has it."""

    def check(self, scope: "Construct", content: "Content") -> None:
        """Refuse a secret that could not be rotated in this way.

        Args:
            scope: What will own the secret.
            content: What it will hold.

        Raises:
            ConfigurationError: If it could not.
        """

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
        self, secret: "Construct", *, secret_arn: str, encryption_key: "kms.IKey", content: "Content"
    ) -> secretsmanager.CfnRotationSchedule:
        """Define the schedule beneath the secret, and let Secrets Manager invoke the function.

        What the function needs to rotate must be there before: the caller adds these dependencies to what is returned.

        Args:
            secret: The construct that owns the schedule, as its child `RotationSchedule`.
            secret_arn: The secret, or its attachment to a database, so that this exists first.
            encryption_key: The key of the secret.
            content: What it holds.
        """


@dataclass(frozen=True, kw_only=True)
class ByFunction:
    """Rotation by a function of the app: `RotationFunction(...).function`, or one of one's own.

    Attributes:
        function: The function that Secrets Manager invokes for each step, or an alias of it; an imported one with its
            role. A version is none: each change of the code makes another one, which would rotate the secret.
        schedule: When.
        when_changed: Whether the secret is rotated during the deployment.
    """

    function: "lambda_.IFunction"
    schedule: RotationSchedule
    when_changed: WhenChanged = WhenChanged.ROTATE_AT_ONCE

    def __post_init__(self) -> None:
        """Refuse what is no function or no schedule, and an imported function without its role.

        Raises:
            ConfigurationError: If one is such.
        """
        if not hasattr(self.function, "function_arn"):
            raise ConfigurationError(
                f"function must be a function, such as RotationFunction(...).function, got {spoken(self.function)}"
            )
        check_unversioned(self.function)
        check_role(self.function)
        check_instance("schedule", self.schedule, RotationSchedule)
        check_instance("when_changed", self.when_changed, WhenChanged)

    @property
    def grantee(self) -> "iam.IGrantable | None":
        """The function's role."""
        return self.function

    def check(self, scope: "Construct", content: "Content") -> None:
        """Refuse a function of another Region than the secret, and one that draws something else than the secret holds.

        Args:
            scope: What will own the secret.
            content: What it will hold.

        Raises:
            ConfigurationError: If the function is there, or draws another field, or a text for JSON.
        """
        check_beside(scope, self.function)
        check_rotated_content(content, self.function)

    def hosted_function_arn(self, scope: "Construct") -> str | None:  # noqa: ARG002  # part of the protocol
        """Return nothing: the role is named instead."""
        return None

    def invoked_as(self, secret: "Construct") -> tuple[str, str]:
        """Return the function's ARN, and the same by the name that it has or will get.

        Args:
            secret: The secret.
        """
        return arns_in_policies(self.function, secret)

    def attach(
        self,
        secret: "Construct",
        *,
        secret_arn: str,
        encryption_key: "kms.IKey",  # noqa: ARG002  # part of the protocol
        content: "Content",  # noqa: ARG002  # part of the protocol: the function has it from its environment
    ) -> secretsmanager.CfnRotationSchedule:
        """Define the schedule, and let Secrets Manager invoke the function for secrets of this account alone.

        The policy of the function's role names the secret. So where the function is of another stack, the schedule is
        of that stack too: each of two stacks would wait for the other otherwise.

        Args:
            secret: The construct that owns the schedule, unless the function is of another stack.
            secret_arn: The secret, or its attachment.
            encryption_key: The key of the secret.
            content: What it holds.
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
        schedule.node.add_dependency(let_secrets_manager_invoke(self.function, secret), self.function)
        return schedule

    def _place(self, secret: "Construct") -> "tuple[Construct, str]":
        stack = cdk.Stack.of(self.function)
        if stack is cdk.Stack.of(secret):
            return secret, SCHEDULE
        elsewhere = f"The rotation schedule is with the function, in the stack {stack.node.path}."
        answer(secret, dict.fromkeys(_WITHOUT_SCHEDULE, elsewhere))
        # Not of the function: a schedule that is replaced is deleted last, and deleting one turns the rotation off.
        return stack, f"{SCHEDULE}Of{secret.node.addr}"
