"""What a watch must know of a secret, of whatever make: where it is, what it is called, whether it is rotated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import TokenText
from constructs_lib.watching.short_address import short_address
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.known_secret import check_known_secret, known_arn, secret_in_records
from constructs_lib.wiring.rotated_secret import TellsRotation
from constructs_lib.wiring.secret_in_records import SecretInRecords

if TYPE_CHECKING:
    from constructs import Construct


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
        [check_known_secret(scope, argument, each) for each in _listed(argument, listed)]
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


def _identity(text: TokenText, secret: "secretsmanager.ISecret") -> str:
    # The attachment to a database is a secret to CDK, and the same one.
    resource = secret.node.default_child
    if isinstance(resource, secretsmanager.CfnSecretTargetAttachment):
        return text.text(resource.secret_id)
    return text.text(known_arn(secret))


def _rotated_by(secret: "secretsmanager.ISecret") -> tuple[str, ...] | None:
    return secret.rotated_by if isinstance(secret, TellsRotation) else None


def _named(secret: "secretsmanager.ISecret", *, is_rotated: bool) -> SecretInRecords:
    return secret_in_records(secret, rotated_by=_rotated_by(secret) if is_rotated else ())
