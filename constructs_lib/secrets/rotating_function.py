"""The function that Secrets Manager invokes to rotate a secret: what policies call it, and what lets it be invoked."""

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.expected_names import expected_name
from constructs_lib.wiring.places import are_apart

if TYPE_CHECKING:
    from constructs import IConstruct

_INVOKER = "secretsmanager.amazonaws.com"
_LONGEST_FUNCTION_NAME = 64
_PERMISSION = "InvokedBySecretsManager"
_OF_A_VERSION = re.compile(r":function:[^:]+:[0-9]+\Z")


def check_unversioned(function: "lambda_.IFunction") -> None:
    """Refuse a version of a function: the next one has another ARN, and another ARN rotates the secret.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html

    Args:
        function: What rotates.

    Raises:
        ConfigurationError: If it is one.
    """
    if isinstance(function, lambda_.Version) or _OF_A_VERSION.search(function.function_arn):
        raise ConfigurationError(
            "function must be a function or an alias of it, since with each change of its code another version would "
            f"rotate the secret, got the version {function.node.path}"
        )


def check_role(function: "lambda_.IFunction") -> None:
    """Refuse a function of which nobody knows the role, as one that is imported by its ARN alone.

    Args:
        function: What rotates.

    Raises:
        ConfigurationError: If it has none: the policies of the secret name it.
    """
    if function.role is None:
        raise ConfigurationError(
            "function must have a role, which the policies of the secret name, such as "
            "Function.from_function_attributes(..., function_arn=..., role=...), got "
            f"{function.node.path} without one"
        )


def check_beside(scope: "IConstruct", function: "lambda_.IFunction") -> None:
    """Refuse a function of another Region, which Secrets Manager would not invoke.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html

    Args:
        scope: In the stack of the secret.
        function: What rotates.

    Raises:
        ConfigurationError: If its Region is known to be another one.
    """
    here, there = cdk.Stack.of(scope).region, function.env.region
    if are_apart(here, there):
        raise ConfigurationError(
            f"function must be in {here}, where the secret is, got {function.node.path} in {there}"
        )


def arns_in_policies(function: "lambda_.IFunction", secret: "IConstruct") -> tuple[str, str]:
    """Return what policies in the secret's stack call the function, and those in other stacks, without a reference.

    Args:
        function: What rotates.
        secret: The secret.
    """
    alias = function if isinstance(function, lambda_.Alias) else None
    whole = alias.version.lambda_ if alias else function
    resource = whole.node.default_child
    if not isinstance(resource, lambda_.CfnFunction):
        return function.function_arn, function.function_arn
    stack = cdk.Stack.of(function)
    name = expected_name(whole, given=resource.function_name, longest=_LONGEST_FUNCTION_NAME)
    by_name = stack.format_arn(
        service="lambda",
        resource="function",
        resource_name=f"{name}:{alias.alias_name}" if alias else name,
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    return function.function_arn if stack is cdk.Stack.of(secret) else by_name, by_name


def let_secrets_manager_invoke(function: "lambda_.IFunction", secret: "IConstruct") -> "IConstruct":
    """Let Secrets Manager invoke the function for secrets of this account alone, and return what a schedule waits for.

    Args:
        function: What rotates.
        secret: The secret.
    """
    found = function.node.try_find_child(_PERMISSION)
    if found is None:
        # One for all secrets: each takes room in the function's policy, and AWS documents the account alone.
        # https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
        function.add_permission(
            _PERMISSION,
            principal=iam.ServicePrincipal(_INVOKER),
            source_account=cdk.Stack.of(secret).account,
        )
        found = function.node.try_find_child(_PERMISSION)
    if found is None:
        cdk.Annotations.of(secret).add_warning_v2(
            "cdk-key-management:rotation-function-elsewhere",
            f"the policy of the function {function.node.path} cannot be written from here; its owner must let "
            f"{_INVOKER} invoke it with this account as aws:SourceAccount, or the secret cannot be rotated",
        )
        return function
    return found
