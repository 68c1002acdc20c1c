"""A secret of whatever make, as far as rules for its events must know it: where it is, and how records name it."""

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.places import distance_of
from constructs_lib.wiring.secret_in_records import SecretInRecords

if TYPE_CHECKING:
    from constructs import Construct

# Secrets Manager adds a hyphen and six characters to the name.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_FULL_ARN = re.compile(r"arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:(?P<name>.+)-[A-Za-z0-9]{6}")
_LONGEST_NAME = 300
"""Characters, with which a pattern that has the ARN three times and the name once has room in its 2,048.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""


def check_known_secret(scope: "Construct", argument: str, secret: "secretsmanager.ISecret") -> "secretsmanager.ISecret":
    """Return a secret whose events rules of a stack see and can tell from those of others.

    Args:
        scope: Where the rules will be.
        argument: What a refusal calls it.
        secret: The secret.

    Raises:
        ConfigurationError: If it is no secret, is of another account or Region, is not known by its full ARN, or has a
            name for which patterns have no room.
    """
    if not (hasattr(secret, "secret_arn") and hasattr(secret, "secret_full_arn")):
        raise ConfigurationError(
            f"{argument} must come from ManagedSecret(...), secretsmanager.Secret(...) or "
            f"secretsmanager.Secret.from_secret_complete_arn(...), got {spoken(secret)}"
        )
    arn = secret.secret_full_arn
    if arn is None or not (cdk.Token.is_unresolved(arn) or _FULL_ARN.fullmatch(arn)):
        raise ConfigurationError(
            f"{argument} must be known by the full ARN, by which events name a secret, such as "
            f"secretsmanager.Secret.from_secret_complete_arn(...), got {secret.node.path}, known by "
            f"{_said(arn or secret.secret_arn)}"
        )
    apart = distance_of(cdk.Stack.of(scope), secret)
    if apart is not None:
        raise ConfigurationError(
            f"{argument} must be of {apart.what} {apart.here}, whose events the rules see, got {secret.node.path} of "
            f"{apart.there}"
        )
    name = secret_in_records(secret).name
    if name is not None and len(name) > _LONGEST_NAME:
        raise ConfigurationError(
            f"{argument} must have a name of up to {_LONGEST_NAME} characters, for which the pattern of a rule has "
            f"room, got {secret.node.path} with one of {len(name)}"
        )
    return secret


def secret_in_records(
    secret: "secretsmanager.ISecret", *, rotated_by: tuple[str, ...] | None = None
) -> SecretInRecords:
    """Return how rules and messages call a secret.

    Args:
        secret: The secret, known by its full ARN.
        rotated_by: The roles that rotate it. Default: they are not known.
    """
    arn, resource = known_arn(secret), secret.node.default_child
    name = resource.name if isinstance(resource, secretsmanager.CfnSecret) else None
    if name is None and (found := _FULL_ARN.fullmatch(arn)):
        name = found["name"]
    if name is not None and cdk.Token.is_unresolved(name):
        name = None
    return SecretInRecords(arn=arn, called=name or secret.node.path, name=name, rotated_by=rotated_by)


def known_arn(secret: "secretsmanager.ISecret") -> str:
    """Return the full ARN of a secret, where it is known.

    Args:
        secret: The secret.
    """
    return secret.secret_full_arn or secret.secret_arn


def _said(arn: str) -> str:
    return "a part of it" if cdk.Token.is_unresolved(arn) else arn
