"""FunctionSettings: what every function of envelope encryption may be told, and what it does untold."""

from dataclasses import dataclass
from typing import TypedDict

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.errors import ConfigurationError

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MEMORY_MIB = range(128, 10_241)
_SECONDS = range(1, 901)


class FunctionSettings(TypedDict, total=False):
    """What every function of envelope encryption takes by keyword.

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

    def code(self) -> lambda_.Code:
        """Return the asset that holds every handler of the package `envelope`."""
        target = LambdaTarget.named(runtime=self.runtime.name, architecture=self.architecture.name)
        return LambdaBundle(function_source("envelope"), target).code()


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What a function gets for a kind of work, unless its settings say otherwise.

    Attributes:
        memory_size_mib: Its memory.
        seconds: How long one invocation may take.
    """

    memory_size_mib: int
    seconds: int


# Loading botocore and cryptography is bound by the processor, and Lambda gives processor time in proportion to memory;
# a request of 6 MB, Lambda's largest, needs far less memory than this. One call of KMS with the SDK's retries takes
# seconds; a caller behind API Gateway gives up after 29 anyway.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
REQUESTS = Capacity(memory_size_mib=512, seconds=30)

# One whole processor, which is what sealing a stream and moving it over TLS keeps busy, and the longest that Lambda
# runs: objects have any size. The stream itself takes some MiB whatever the size, and nothing is put on a disk.
OBJECTS = Capacity(memory_size_mib=1769, seconds=900)

# A batch is at most 6 MB; most of its time is one call of KMS and one to the destination.
RECORDS = Capacity(memory_size_mib=512, seconds=60)


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
    runtime = settings.get("runtime") or lambda_.Runtime.PYTHON_3_13
    if not isinstance(runtime, lambda_.Runtime):
        raise ConfigurationError(f"runtime must be a Runtime of aws_cdk.aws_lambda, got {runtime!r}")
    architecture = settings.get("architecture") or lambda_.Architecture.ARM_64
    LambdaTarget.named(runtime=runtime.name, architecture=architecture.name)
    timeout = settings.get("timeout")
    seconds = timeout.to_seconds(integral=False) if isinstance(timeout, cdk.Duration) else timeout
    return ReadFunctionSettings(
        runtime=runtime,
        architecture=architecture,
        log_retention=settings.get("log_retention") or logs.RetentionDays.ONE_YEAR,
        reserved_concurrency=check_count("reserved_concurrency", settings.get("reserved_concurrency")),
        memory_size_mib=check_count("memory_size_mib", settings.get("memory_size_mib"), _MEMORY_MIB),
        timeout_seconds=_check_timeout(timeout, seconds),
    )


def check_count(argument: str, given: int | None, allowed: range | None = None) -> int | None:
    """Return a whole number.

    Args:
        argument: What a refusal calls it.
        given: The number, or None for none.
        allowed: Where it must be. Default: from 1.

    Raises:
        ConfigurationError: If it is none, or outside.
    """
    if given is None:
        return None
    # A bool is an int to Python; a token is a negative number to the CDK.
    is_number = isinstance(given, int) and not isinstance(given, bool)
    if not is_number or given < 1 or (allowed is not None and given not in allowed):
        where = "from 1" if allowed is None else f"from {allowed.start} to {allowed.stop - 1}"
        raise ConfigurationError(f"{argument} must be a whole number {where}, got {given!r}")
    return given


def _check_timeout(given: object, seconds: object) -> int | None:
    if given is None:
        return None
    if not isinstance(given, cdk.Duration) or seconds not in _SECONDS:  # a range holds whole numbers only
        said = given.to_human_string() if isinstance(given, cdk.Duration) else repr(given)
        raise ConfigurationError(f"timeout must be a Duration of 1 to {_SECONDS.stop - 1} whole seconds, got {said}")
    return int(given.to_seconds())
