"""What functions are told, and what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings


def test_untold_a_function_runs_python_on_arm_and_keeps_logs_a_year() -> None:
    read = read_function_settings({})

    assert (read.runtime.name, read.architecture.name) == ("python3.13", "arm64")
    assert read.log_retention is logs.RetentionDays.ONE_YEAR
    assert (read.reserved_concurrency, read.memory_size_mib, read.timeout_seconds) == (None, None, None)


def test_everything_can_be_told() -> None:
    read = read_function_settings({
        "runtime": lambda_.Runtime.PYTHON_3_12,
        "architecture": lambda_.Architecture.X86_64,
        "log_retention": logs.RetentionDays.TEN_YEARS,
        "reserved_concurrency": 3,
        "memory_size_mib": 10_240,
        "timeout": cdk.Duration.minutes(15),
    })

    assert (read.runtime.name, read.architecture.name) == ("python3.12", "x86_64")
    assert read.log_retention is logs.RetentionDays.TEN_YEARS
    assert (read.reserved_concurrency, read.memory_size_mib, read.timeout_seconds) == (3, 10_240, 900)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"memory": 512},
            f"settings must be of {', '.join(sorted(FunctionSettings.__annotations__))}, got memory",
        ),
        ({"memory_size_mib": 127}, "memory_size_mib must be a whole number from 128 to 10240, got 127"),
        ({"memory_size_mib": 10_241}, "memory_size_mib must be a whole number from 128 to 10240, got 10241"),
        ({"architecture": "arm64"}, "architecture must be an Architecture of aws_cdk.aws_lambda, got 'arm64'"),
        ({"log_retention": 30}, "log_retention must be a RetentionDays of aws_cdk.aws_logs, got 30"),
        ({"timeout": 30}, "timeout must be a Duration of 1 to 900 whole seconds, got 30"),
        (
            {"timeout": cdk.Duration.minutes(16)},
            "timeout must be a Duration of 1 to 900 whole seconds, got 16 minutes",
        ),
        (
            {"timeout": cdk.Duration.millis(1500)},
            "timeout must be a Duration of 1 to 900 whole seconds, got 1 second 500 millis",
        ),
    ],
)
def test_refuses_what_lambda_does_not_take(settings: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_function_settings(settings)
    assert str(refused.value) == message
