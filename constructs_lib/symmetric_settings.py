"""What symmetric encryption keys take beside the settings of every key: a rotation period, and the services around."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from constructs_lib.errors import ConfigurationError
from constructs_lib.key_settings import KeyMaterial, KeySettings, spoken, whole_days
from constructs_lib.service_access.known_services import known_service

if TYPE_CHECKING:
    import aws_cdk as cdk

USUAL_ROTATION_DAYS = 365
_ROTATION_DAYS = range(90, 2561)  # https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html


def rotation_properties(settings: KeySettings, period: "cdk.Duration | None") -> dict[str, Any]:
    """Return the properties of the L1 key that make it rotate.

    Args:
        settings: What the key was told besides.
        period: Time between rotations; None for the usual one.

    Raises:
        ConfigurationError: If KMS has no such period, or if it is set for imported material.
    """
    if settings.get("material") is KeyMaterial.IMPORTED:
        if period is not None:
            raise ConfigurationError(
                "rotation_period must be left out for imported material, which KMS does not rotate by itself, "
                f"got {spoken(period)}"
            )
        return {}
    days = whole_days("rotation_period", period, USUAL_ROTATION_DAYS, _ROTATION_DAYS)
    return {"enable_key_rotation": True, "rotation_period_in_days": days}


def check_services(services: Sequence[str] | None) -> None:
    """Refuse what is no sequence of services.

    Args:
        services: First parts of `kms:ViaService`; None for all of the Region.

    Raises:
        ConfigurationError: If it is a text, or one of them is not a service through which KMS can be called.
    """
    if services is not None and (isinstance(services, str) or not isinstance(services, Sequence)):
        raise ConfigurationError(f"services must be a sequence of names, got {services!r}")
    for service in services or ():
        known_service("services", service)
