"""The prefix of log files."""

import aws_cdk as cdk
import pytest

from constructs_lib.auditing.log_prefix import check_prefix
from constructs_lib.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "prefix"), [("", ""), ("main", "main/"), ("audit/main/", "audit/main/"), ("a" * 200, "a" * 200 + "/")]
)
def test_a_prefix_ends_in_a_slash(given: str, prefix: str) -> None:
    assert check_prefix(given) == prefix


@pytest.mark.parametrize("given", ["/", "/main", "main//", "a//b", "a" * 201, "a*", "a?", "a\n", "${Prefix}"])
def test_refuses_a_prefix_that_would_mean_something_else(given: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^prefix must be "):
        check_prefix(given)


def test_refuses_a_token() -> None:
    with pytest.raises(ConfigurationError, match=r"^prefix must be a literal text, got "):
        check_prefix(cdk.Fn.ref("Prefix"))
