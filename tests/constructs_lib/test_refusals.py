import aws_cdk as cdk
import pytest

from constructs_lib import ConfigurationError
from constructs_lib.refusals import refusals_of


def test_refuses_in_the_name_of_a_construct() -> None:
    original = ConfigurationError("alias must be shorter")
    with (
        pytest.raises(ConfigurationError, match=r"^\[S\] alias must be shorter$") as refused,
        refusals_of(cdk.Stack(cdk.App(analytics_reporting=False), "S")),
    ):
        raise original

    assert refused.value.__cause__ is original


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), refusals_of(cdk.Stack(cdk.App(analytics_reporting=False), "S")):
        raise KeyError
