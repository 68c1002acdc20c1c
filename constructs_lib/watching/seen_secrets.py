"""What a watch must know of a secret, of whatever make: where it is, what it is called, whether it is rotated."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import TokenText
from constructs_lib.watching.secret_in_records import SecretInRecords
from constructs_lib.watching.short_address import short_address
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.places import distance_of
from constructs_lib.wiring.rotated_secret import TellsRotation

if TYPE_CHECKING:
    from constructs import Construct

# Secrets Manager adds a hyphen and six characters to the name.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_FULL_ARN = re.compile(r"arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:(?P<name>.+)-[A-Za-z0-9]{6}")
_LONGEST_NAME = 300
"""Characters, with which a pattern that has the ARN three times and the name once has room in its 2,048.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""


@dataclass(frozen=True, kw_only=True)
class SeenSecret:
    """A secret that is watched.

    Attributes:
        secret: The secret itself.
        name: How rules and messages call it.
        is_rotated: Whether it must be rotated in time.
    """

    secret: "secretsmanager.ISecret"
    name: SecretInRecords
    is_rotated: bool

    @property
    def label(self) -> str:
        """What tells it from others in the names of constructs, as long as it stays where it is."""
        return short_address(self.secret)


def read_secrets(
    scope: "Construct",
    secrets: "Sequence[secretsmanager.ISecret]",
    *,
    without_rotation: "Sequence[secretsmanager.ISecret]",
) -> list[SeenSecret]:
    """Read what a watch must know of its secrets.

    Args:
        scope: Where the watch will be.
        secrets: The secrets.
        without_rotation: Those of them that nobody rotates, on purpose.

    Raises:
        ConfigurationError: If there are none, if one is no secret, is given twice, is of another account or Region, or
            is not known by its full ARN; if one without rotation is not among them, or one has none and is not told so.
    """
    given, exempt = (
        [_check(scope, argument, each) for each in _listed(argument, listed)]
        for argument, listed in (("secrets", secrets), ("without_rotation", without_rotation))
    )
    if not given:
        raise ConfigurationError("secrets must name what is watched, got nothing")
    text = TokenText(cdk.Stack.of(scope))
    identities = [_identity(text, each) for each in given]
    for each, identity in zip(given, identities, strict=True):
        if identities.count(identity) > 1:
            raise ConfigurationError(f"secrets must name each secret once, got {each.node.path} twice")
    unrotated = {_identity(text, each): each for each in exempt}
    for each, identity in zip(given, identities, strict=True):
        if _rotated_by(each) == () and identity not in unrotated:
            raise ConfigurationError(
                f"without_rotation must name {each.node.path}, which has no rotation=, so that its alarm would ring "
                "for ever, got it among those that must be rotated"
            )
    for identity, each in unrotated.items():
        if identity not in identities:
            raise ConfigurationError(
                f"without_rotation must be of the secrets that are watched, got {each.node.path}, which is not"
            )
    return [
        SeenSecret(
            secret=each, name=_named(each, is_rotated=identity not in unrotated), is_rotated=identity not in unrotated
        )
        for each, identity in zip(given, identities, strict=True)
    ]


def _listed(argument: str, given: object) -> "Sequence[secretsmanager.ISecret]":
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"{argument} must be a list of secrets, got {spoken(given)}")
    return given


def _check(scope: "Construct", argument: str, secret: "secretsmanager.ISecret") -> "secretsmanager.ISecret":
    if not (hasattr(secret, "secret_arn") and hasattr(secret, "secret_full_arn")):
        raise ConfigurationError(
            f"{argument} must be secrets, such as ManagedSecret(...) or "
            f"secretsmanager.Secret.from_secret_complete_arn(...), got {spoken(secret)}"
        )
    arn = secret.secret_full_arn
    if arn is None or not (cdk.Token.is_unresolved(arn) or _FULL_ARN.fullmatch(arn)):
        raise ConfigurationError(
            f"{argument} must be known by their full ARN, by which events name them, such as "
            f"secretsmanager.Secret.from_secret_complete_arn(...), got {secret.node.path}, known by "
            f"{_said(arn or secret.secret_arn)}"
        )
    apart = distance_of(cdk.Stack.of(scope), secret)
    if apart is not None:
        raise ConfigurationError(
            f"{argument} must be of {apart.what} {apart.here}, whose events the rules see, got {secret.node.path} of "
            f"{apart.there}"
        )
    name = _named(secret, is_rotated=True).name
    if name is not None and len(name) > _LONGEST_NAME:
        raise ConfigurationError(
            f"{argument} must have names of up to {_LONGEST_NAME} characters, for which the pattern of a rule has "
            f"room, got {secret.node.path} with one of {len(name)}"
        )
    return secret


def _said(arn: str) -> str:
    return "a part of it" if cdk.Token.is_unresolved(arn) else arn


def _identity(text: TokenText, secret: "secretsmanager.ISecret") -> str:
    # The attachment to a database is a secret to CDK, and the same one.
    resource = secret.node.default_child
    if isinstance(resource, secretsmanager.CfnSecretTargetAttachment):
        return text.text(resource.secret_id)
    return text.text(_arn(secret))


def _arn(secret: "secretsmanager.ISecret") -> str:
    return secret.secret_full_arn or secret.secret_arn


def _rotated_by(secret: "secretsmanager.ISecret") -> tuple[str, ...] | None:
    return secret.rotated_by if isinstance(secret, TellsRotation) else None


def _named(secret: "secretsmanager.ISecret", *, is_rotated: bool) -> SecretInRecords:
    arn, resource = _arn(secret), secret.node.default_child
    name = resource.name if isinstance(resource, secretsmanager.CfnSecret) else None
    if name is None and (found := _FULL_ARN.fullmatch(arn)):
        name = found["name"]
    if name is not None and cdk.Token.is_unresolved(name):
        name = None
    rotated_by = _rotated_by(secret) if is_rotated else ()
    return SecretInRecords(arn=arn, called=name or secret.node.path, name=name, rotated_by=rotated_by)
