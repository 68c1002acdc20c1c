"""FunctionSettings: what every function of envelope encryption may be told, and what it does untold."""

from dataclasses import dataclass
from typing import TypedDict, TypeVar

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MEMORY_MIB = range(128, 10_241)
_SECONDS = range(1, 901)
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
CONCURRENCY = range(2, 1001)
"""How many invocations Lambda may be told to run at once for a queue."""

_Given = TypeVar("_Given")


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


def check_instance(argument: str, given: _Given, wanted: type[_Given]) -> _Given:
    """Return a value of a class that has one.

    Args:
        argument: What a refusal calls it.
        given: The value.
        wanted: The class.

    Raises:
        ConfigurationError: If it is of another one.
    """
    if not isinstance(given, wanted):
        home = wanted.__module__ if wanted.__module__.startswith("aws_cdk") else "constructs_lib"
        article = "an" if wanted.__name__[0] in "AEIOU" else "a"
        raise ConfigurationError(f"{argument} must be {article} {wanted.__name__} of {home}, got {spoken(given)}")
    return given


def check_number(argument: str, given: int, allowed: range) -> None:
    """Refuse what is no whole number within limits, nothing said among it.

    Args:
        argument: What a refusal calls it.
        given: The number.
        allowed: Where it must be.

    Raises:
        ConfigurationError: If it is none, or outside.
    """
    if check_count(argument, given, allowed) is None:
        raise ConfigurationError(
            f"{argument} must be a whole number from {allowed.start} to {allowed.stop - 1}, got None"
        )


def check_concurrency(argument: str, max_concurrency: int | None, reserved: int | None) -> None:
    """Refuse how many invocations Lambda may run at once for a queue, where the function could not have as many.

    What Lambda takes from a queue for a function that is throttled goes back unworked, and counts as a try.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

    Args:
        argument: What a refusal calls it.
        max_concurrency: How many, or None for as many as Lambda finds good.
        reserved: How many the function has at most, or None for what is left in the account.

    Raises:
        ConfigurationError: If it is out of range, or more than the function has.
    """
    most = check_count(argument, max_concurrency, CONCURRENCY)
    if most is not None and reserved is not None and reserved < most:
        raise ConfigurationError(
            f"reserved_concurrency must be at least {argument}, which is {most}, or what Lambda takes from the queue "
            f"beyond it is throttled and counts as a try, got {reserved}"
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
