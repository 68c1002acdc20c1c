"""The id of an organization."""

from typing import Any

import pytest

from constructs_lib.auditing.organization_of_trail import check_organization_id
from constructs_lib.errors import ConfigurationError


@pytest.mark.parametrize("given", [None, "o-a1b2c3d4e5", "o-" + "a" * 32])
def test_an_id_or_none_is_taken(given: str | None) -> None:
    assert check_organization_id(given) == given


@pytest.mark.parametrize(
    "given", ["", "o-short", "r-a1b2c3d4e5", "o-a1b2c3d4e5/", "o-*a1b2c3d4e5", "o-" + "a" * 33, "o-a1b2c3d4e5\n", 1]
)
def test_refuses_what_is_no_id(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^organization_id must be the id of an organization such as o-a1b2"):
        check_organization_id(given)
