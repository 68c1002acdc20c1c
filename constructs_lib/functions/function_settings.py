"""FunctionSettings: what every bundled function may be told, and what it does untold."""

from dataclasses import dataclass
from typing import TypedDict

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_count, check_instance

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MEMORY_MIB = range(128, 10_241)
_SECONDS = range(1, 901)


class FunctionSettings(TypedDict, total=False):
    """What every bundled function takes by keyword.

    Attributes:
        runtime: Python of the function. Default: Python 3.13.
        architecture: Instruction set of the function. Default: arm64.
        log_retention: How long log events are kept. Default: one year, which PCI DSS demands of audit trails
            (requirement 10.5.1) and the other frameworks are content with.
        reserved_concurrency: How many executions the function has to itself and cannot exceed. Default: it shares what
            the account has left.
        memory_size_mib: Memory, 128 to 10,240 MiB; processor time grows with it. Default: what the work needs.
        timeout: How long one invocation may take, at most 15 minutes. Default: what the work needs.
    """

    runtime: lambda_.Runtime
    architecture: lambda_.Architecture
    log_retention: logs.RetentionDays
    reserved_concurrency: int | None
    memory_size_mib: int | None
    timeout: cdk.Duration | None


@dataclass(frozen=True, kw_only=True)
class ReadFunctionSettings:
    """The same, checked and complete but for what depends on the work."""

    runtime: lambda_.Runtime
    architecture: lambda_.Architecture
    log_retention: logs.RetentionDays
    reserved_concurrency: int | None
    memory_size_mib: int | None
    timeout_seconds: int | None

    @property
    def target(self) -> LambdaTarget:
        """The machine that the function runs on."""
        return LambdaTarget.named(runtime=self.runtime.name, architecture=self.architecture.name)

    def code(self, package: str) -> lambda_.Code:
        """Return the asset that holds every handler of one of this library's packages.

        Args:
            package: The package, such as `envelope`.
        """
        return LambdaBundle(function_source(package), self.target).code()


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What a function gets for a kind of work, unless its settings say otherwise.

    Attributes:
        memory_size_mib: Its memory.
        seconds: How long one invocation may take.
    """

    memory_size_mib: int
    seconds: int


def read_function_settings(settings: FunctionSettings) -> ReadFunctionSettings:
    """Check what a function was told, and add what it was not told.

    Args:
        settings: What it was told.

    Raises:
        ConfigurationError: If a name is not one of the settings, or a value is out of range or of another type.
    """
    for name in settings:
        if name not in FunctionSettings.__annotations__:
            known = ", ".join(sorted(FunctionSettings.__annotations__))
            raise ConfigurationError(f"settings must be of {known}, got {name}")
    runtime = check_instance("runtime", settings.get("runtime") or lambda_.Runtime.PYTHON_3_13, lambda_.Runtime)
    architecture = settings.get("architecture") or lambda_.Architecture.ARM_64
    check_instance("architecture", architecture, lambda_.Architecture)
    log_retention = settings.get("log_retention") or logs.RetentionDays.ONE_YEAR
    check_instance("log_retention", log_retention, logs.RetentionDays)
    LambdaTarget.named(runtime=runtime.name, architecture=architecture.name)
    timeout = settings.get("timeout")
    seconds = timeout.to_seconds(integral=False) if isinstance(timeout, cdk.Duration) else timeout
    return ReadFunctionSettings(
        runtime=runtime,
        architecture=architecture,
        log_retention=log_retention,
        reserved_concurrency=check_count("reserved_concurrency", settings.get("reserved_concurrency")),
        memory_size_mib=check_count("memory_size_mib", settings.get("memory_size_mib"), _MEMORY_MIB),
        timeout_seconds=_check_timeout(timeout, seconds),
    )


def _check_timeout(given: object, seconds: object) -> int | None:
    if given is None:
        return None
    if not isinstance(given, cdk.Duration) or seconds not in _SECONDS:  # a range holds whole numbers only
        said = given.to_human_string() if isinstance(given, cdk.Duration) else repr(given)
        raise ConfigurationError(f"timeout must be a Duration of 1 to {_SECONDS.stop - 1} whole seconds, got {said}")
    return int(given.to_seconds())
