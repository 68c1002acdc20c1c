"""The organization whose accounts a trail records."""

import re

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_ID = re.compile(r"o-[a-z0-9]{10,32}", re.ASCII)


def check_organization_id(organization_id: str | None) -> str | None:
    """Return the id of an organization, or None where there is none.

    Args:
        organization_id: The id.

    Raises:
        ConfigurationError: If it is none: policies name the folder of its log files before the trail is made, so that
            it must be literal.

    Examples:
        >>> check_organization_id("o-a1b2c3d4e5")
        'o-a1b2c3d4e5'
    """
    if organization_id is None:
        return None
    if not isinstance(organization_id, str) or not _ID.fullmatch(organization_id):
        raise ConfigurationError(
            f"organization_id must be the id of an organization such as o-a1b2c3d4e5, got {spoken(organization_id)}"
        )
    return organization_id
