"""Paths of organizational units, as `aws:PrincipalOrgPaths` has them. No jsii.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
"""

import re

from constructs_lib.errors import ConfigurationError

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
_PATH = re.compile(
    r"(?P<organization>o-[a-z0-9]{10,32})/r-(?P<root>[a-z0-9]{4,32})(?P<units>(?:/ou-(?P=root)-[a-z0-9]{8,32}){1,5})"
)
_UNITS_BELOW = ("", "*", "ou-*")  # after the last slash: the unit alone, with those below it, those below it alone


def organization_of(path: str) -> str:
    """Return the id of the organization in which a unit is.

    Args:
        path: The ids of the organization, its root, and each unit down to the one that is meant, apart by `/`.

    Raises:
        ConfigurationError: If it is not such a path, or not that of a unit. A root has at most five units one below
            the other, and each bears the root's id.

    Examples:
        >>> organization_of("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111")
        'o-a1b2c3d4e5'
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise ConfigurationError(
            "path must be the ids of an organization, its root and one to five units, such as "
            f"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111, got {path!r}"
        )
    return found["organization"]


def is_within_a_unit(pattern: str) -> bool:
    """Whether a value of `aws:PrincipalOrgPaths` stands for a unit, alone or with those below it, and nothing else.

    Examples:
        >>> is_within_a_unit("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*")
        True
        >>> is_within_a_unit("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111*")  # other units begin so, too
        False
    """
    unit, slash, below = pattern.rpartition("/")
    return bool(slash) and below in _UNITS_BELOW and _PATH.fullmatch(unit) is not None
