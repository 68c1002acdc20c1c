"""One `aws` command, read as the AWS CLI reads it: by the service model that botocore has of the operation."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore import xform_name
from botocore.validate import ParamValidator

if TYPE_CHECKING:
    from botocore.model import ServiceModel, Shape

_GLOBAL = {"region": "", "query": "@", "output": "json"}
_SERVICES = {"s3api": "s3"}

OF_THE_CLI: Mapping[tuple[str, str], frozenset[str]] = {
    ("cloudtrail", "validate-logs"): frozenset((
        "account-id", "end-time", "s3-bucket", "s3-prefix", "start-time", "trail-arn", "verbose",
    )),
}  # fmt: skip
"""Commands that the CLI makes of several calls, so that no service model knows them, with their options.

https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/validate-logs.html
"""


@dataclass(frozen=True, kw_only=True)
class AwsCommand:
    """What a command asks of AWS.

    Attributes:
        service: As botocore calls it.
        name: The command's name, such as `describe-key`.
        parameters: Of the operation, of the right types. Empty for a command of the CLI's own.
        region: Where, if it says so.
        query: What of the answer is printed.
        output: How it is printed.
    """

    service: str
    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    region: str = ""
    query: str = "@"
    output: str = "json"

    @property
    def operation(self) -> str:
        """The name of the operation, such as `DescribeKey`; empty for a command of the CLI's own."""
        return _operations(self.service).get(self.name, "")

    @property
    def method(self) -> str:
        """The name of the client's method."""
        return self.name.replace("-", "_")

    @classmethod
    def parse(cls, words: Sequence[str], read: Callable[[str], bytes]) -> "AwsCommand":
        """Read the words after `aws`.

        Args:
            words: Service, command and options.
            read: Reads a file that an option names.

        Raises:
            ValueError: If AWS has no such command, or it does not take these options.
        """
        cli_service, name, *rest = words
        service = _SERVICES.get(cli_service, cli_service)
        options = _options(rest)
        asked: dict[str, Any] = {each: " ".join(options.pop(each, [untold])) for each, untold in _GLOBAL.items()}
        if (service, name) in OF_THE_CLI:
            unknown = sorted({*options} - OF_THE_CLI[service, name])
            if unknown:
                raise ValueError(f"options of {name} must be those of the CLI, got {', '.join(unknown)}")
            return cls(service=service, name=name, **asked)
        return cls(service=service, name=name, parameters=_parameters(service, name, options, read), **asked)


def _options(words: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            values = found.setdefault(word.removeprefix("--"), [])
        elif found:
            values.append(word)
        else:
            raise ValueError(f"options must begin with two hyphens, got {word!r}")
    return found


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@functools.cache
def _service_model(service: str) -> "ServiceModel":
    return _session().get_service_model(service)


@functools.cache
def _operations(service: str) -> dict[str, str]:
    return {xform_name(each, "-"): each for each in _service_model(service).operation_names}


def _parameters(
    service: str, name: str, options: Mapping[str, Sequence[str]], read: Callable[[str], bytes]
) -> dict[str, Any]:
    operations = _operations(service)
    if name not in operations:
        raise ValueError(f"command must be one of {service}, got {name!r}")
    shape = _service_model(service).operation_model(operations[name]).input_shape
    members: Mapping[str, Shape] = shape.members if shape else {}
    by_option = {xform_name(member, "-"): member for member in members}
    found: dict[str, Any] = {}
    for option, words in options.items():
        positive = option.removeprefix("no-")
        if option not in by_option and positive in by_option:
            found[by_option[positive]] = False
        elif option in by_option:
            found[by_option[option]] = _value(members[by_option[option]], words, read)
        else:
            raise ValueError(f"options of {service} {name} must be those of the CLI, got {option!r}")
    report = ParamValidator().validate(found, shape) if shape else None
    if report is not None and report.has_errors():
        raise ValueError(f"{service} {name}: {report.generate_report()}")
    return found


def _value(shape: Any, words: Sequence[str], read: Callable[[str], bytes]) -> Any:
    first = words[0] if words else ""
    if first.startswith("file://"):
        first = read(first.removeprefix("file://")).decode()
    match shape.type_name:
        case "boolean":
            return first in {"", "true"}
        case "integer" | "long":
            return int(first)
        case "blob":
            return read(first.removeprefix("fileb://"))
        case "list" | "structure" | "map":
            return json.loads(first) if first[:1] in {"[", "{"} else _shorthand(shape, words, read)
        case _:
            return first


def _shorthand(shape: Any, words: Sequence[str], read: Callable[[str], bytes]) -> Any:
    """Several words, or `Name=value,Name=value`."""
    if shape.type_name == "list":
        return [_value(shape.member, [each], read) for each in words]
    return dict(each.split("=", 1) for each in words[0].split(","))
