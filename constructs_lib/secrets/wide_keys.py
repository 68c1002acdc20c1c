"""Wide keys: keys of secrets that admit others than the people of the secret, announced at synthesis."""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

_SERVICE = "secretsmanager"


@runtime_checkable
class TellsCreation(Protocol):
    """A key of this app that knows through which services deployers may create things with it."""

    @property
    def path(self) -> str:
        """Where it is in the tree."""

    @property
    def creating_services(self) -> tuple[str, ...] | None:
        """The services; None for every one."""


def announce_wide_key(secret: cdk.Resource, key: "kms.IKey", argument: str) -> None:
    """Warn where the key of a secret admits more than the secret's people and its deployers by Secrets Manager.

    Of an `ExistingKey` nothing is said: its owner is told which statements it takes.

    Args:
        secret: The secret.
        key: Its key.
        argument: What the secret calls the key.
    """
    if isinstance(key, TellsCreation):
        at_synthesis(secret, lambda: _announce_services(secret, key, argument))
    elif not isinstance(key, TakesUses):
        cdk.Annotations.of(secret).add_warning_v2(
            f"cdk-key-management:{argument.replace('_', '-')}-admits-account",
            f"{argument} {key.node.path} is no key of this library: where its policy leaves it to IAM who of the "
            "account uses it, as that of kms.Key does, the secret's own policy is the only wall before whoever has "
            "kms:Decrypt and secretsmanager:GetSecretValue; take "
            f'EncryptionKey(..., services=["{_SERVICE}"])',
        )


def _announce_services(secret: cdk.Resource, key: TellsCreation, argument: str) -> list[str]:
    services = key.creating_services
    others = None if services is None else sorted({*services} - {_SERVICE})
    if others != []:
        through = (
            "every AWS service, with CreateGrant, RetireGrant and ReEncrypt" if others is None else _joined(others)
        )
        cdk.Annotations.of(secret).add_warning_v2(
            f"cdk-key-management:{argument.replace('_', '-')}-of-other-services",
            f"{argument} {key.path} admits deployers through {through}, and not through Secrets Manager alone; "
            f'give the secret a key with services=["{_SERVICE}"]',
        )
    return []


def _joined(services: list[str]) -> str:
    return f"{', '.join(services)} as well"
