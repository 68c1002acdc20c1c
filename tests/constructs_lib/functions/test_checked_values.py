"""Values that are none of what they must be."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_count


def test_refuses_a_count_that_is_none() -> None:
    with pytest.raises(ConfigurationError, match=r"^batch_size must be a whole number from 1 to 10, got True$"):
        check_count("batch_size", True, range(1, 11))  # noqa: FBT003  # what somebody may write
