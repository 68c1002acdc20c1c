"""What a caller can catch."""

import pytest

from constructs_lib.errors import BundlingError, ConfigurationError


@pytest.mark.parametrize(("error", "base"), [(ConfigurationError, ValueError), (BundlingError, RuntimeError)])
def test_an_error_is_caught_by_what_python_calls_it(error: type[Exception], base: type[Exception]) -> None:
    with pytest.raises(base, match=r"^alias must be a word, got ''$"):
        raise error("alias must be a word, got ''")


def test_a_wrong_argument_and_a_missing_tool_are_told_apart() -> None:
    assert not issubclass(BundlingError, ConfigurationError)
    assert not issubclass(ConfigurationError, BundlingError)
