"""DataEvents: which calls on data a trail records beside the calls that manage an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Self

import aws_cdk as cdk
from aws_cdk import aws_cloudtrail as cloudtrail

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import check_bucket, check_text, spoken

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_s3 as s3

_Field = cloudtrail.CfnTrail.AdvancedFieldSelectorProperty
Selector = cloudtrail.CfnTrail.AdvancedEventSelectorProperty

_OBJECT, _FUNCTION = "AWS::S3::Object", "AWS::Lambda::Function"
# Over all conditions of all selectors of a trail.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
_MOST_VALUES = 500
_ALWAYS_MANAGEMENT = ("SecretsManager", "KMS")


class DataAccess(Enum):
    """Which calls on data are recorded, by what they do to it."""

    READ_AND_WRITE = ()
    """All of them."""
    READ = ("true",)
    """Those that only read."""
    WRITE = ("false",)
    """Those that change something."""


@dataclass(frozen=True, kw_only=True)
class DataEvents:
    """Calls on objects of S3 or on functions of Lambda: data events, which are many and paid by the event.

    Calls to KMS and to Secrets Manager, `Decrypt` and `GetSecretValue` among them, are management events: an
    `AuditTrail` records them always, and CloudTrail has no data events of either.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html

    Attributes:
        title: What people read in the console.
        resource_type: CloudTrail's name for what the calls are made on.
        operator: How `arns` are compared; empty for all resources of the type.
        arns: ARNs, or how they begin.
        access: Which of the calls.
    """

    title: str
    resource_type: str
    operator: str
    arns: tuple[str, ...]
    access: DataAccess

    @classmethod
    def of_objects(
        cls, bucket: "s3.IBucket", *, prefix: str = "", access: DataAccess = DataAccess.READ_AND_WRITE
    ) -> Self:
        """Record calls on the objects of one bucket, not that of the trail itself.

        Args:
            bucket: The bucket.
            prefix: How the keys of the objects begin. Default: all.
            access: Which calls. Default: all.

        Raises:
            ConfigurationError: If it is no bucket, or the prefix is no text or holds a wildcard, which CloudTrail
                would look for in the key.
        """
        check_bucket("bucket", bucket)
        check_text("prefix", prefix)
        if "*" in prefix or prefix.startswith("/"):
            raise ConfigurationError(
                f"prefix must be how keys of objects begin, without a wildcard or a slash before it, got {prefix!r}"
            )
        _check_access(access)
        begins = f"{bucket.bucket_arn}/{prefix}"
        return cls(
            title="Objects of a bucket", resource_type=_OBJECT, operator="starts_with", arns=(begins,), access=access
        )

    @classmethod
    def of_all_objects(cls, *, access: DataAccess = DataAccess.READ_AND_WRITE) -> Self:
        """Record calls on all objects but those in the trail's own bucket, whose deliveries would record themselves.

        Who reads those stands in the bucket's access logs. The controls S3.22 and S3.23 of Security Hub want a trail
        that records objects of all buckets: whether they forgive the exception is not documented.
        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html

        Args:
            access: Which calls. Default: all.

        Raises:
            ConfigurationError: If the access is none.

        Examples:
            >>> DataEvents.of_all_objects(access=DataAccess.WRITE).resource_type
            'AWS::S3::Object'
        """
        _check_access(access)
        return cls(title="Objects of all buckets", resource_type=_OBJECT, operator="", arns=(), access=access)

    @classmethod
    def of_functions(cls, *functions: "lambda_.IFunction") -> Self:
        """Record each invocation of some functions.

        Args:
            *functions: The functions themselves, no versions or aliases of them: the event names the function.

        Raises:
            ConfigurationError: If there is none, or one is no function.
        """
        if not functions:
            raise ConfigurationError("functions must be at least one; of_all_functions records all, got none")
        for each in functions:
            if not hasattr(each, "function_arn") or hasattr(each, "version"):
                raise ConfigurationError(
                    f"functions must be functions themselves, such as lambda_.Function(...), got {spoken(each)}"
                )
        return cls(
            title="Invocations of functions",
            resource_type=_FUNCTION,
            operator="equal_to",
            arns=tuple(each.function_arn for each in functions),
            access=DataAccess.READ_AND_WRITE,
        )

    @classmethod
    def of_all_functions(cls) -> Self:
        """Record each invocation of all functions.

        Examples:
            >>> DataEvents.of_all_functions().arns
            ()
        """
        return cls(
            title="Invocations of all functions",
            resource_type=_FUNCTION,
            operator="",
            arns=(),
            access=DataAccess.READ_AND_WRITE,
        )

    def selector(self, log_bucket_arn: str) -> Selector:
        """Return the advanced event selector.

        Args:
            log_bucket_arn: The ARN of the bucket of the trail.
        """
        fields = [_equals("eventCategory", "Data"), _equals("resources.type", self.resource_type)]
        if self.access.value:
            fields.append(_equals("readOnly", *self.access.value))
        if self.operator:
            fields.append(_Field(field="resources.ARN", **{self.operator: list(self.arns)}))
        elif self.resource_type == _OBJECT:
            fields.append(_Field(field="resources.ARN", not_starts_with=[f"{log_bucket_arn}/"]))
        return Selector(name=self.title, field_selectors=fields)

    @property
    def values(self) -> int:
        """How many values of its selector CloudTrail counts."""
        excepted = not self.operator and self.resource_type == _OBJECT
        return 2 + len(self.access.value) + len(self.arns) + excepted


def check_data_events(data_events: Sequence[DataEvents]) -> tuple[DataEvents, ...]:
    """Return what a trail records of data.

    Args:
        data_events: Values that the methods of `DataEvents` return.

    Raises:
        ConfigurationError: If one is something else, or they are more than CloudTrail takes.
    """
    given: object = data_events
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"data_events must be a sequence of DataEvents, got {_said(given)}")
    for each in given:
        if not isinstance(each, DataEvents):
            raise ConfigurationError(
                "data_events must be DataEvents.of_objects(...), .of_all_objects(), .of_functions(...) or "
                f".of_all_functions(), got {_said(each)}"
            )
    if any(each in data_events[:number] for number, each in enumerate(data_events)):
        raise ConfigurationError(f"data_events must hold each value once, got {_twice(data_events)} twice")
    values = sum(each.values for each in data_events) + 1  # of management events
    if values > _MOST_VALUES:
        raise ConfigurationError(
            f"data_events must hold at most {_MOST_VALUES} values in all selectors of the trail, got {values}"
        )
    return tuple(data_events)


def event_selectors(data_events: Sequence[DataEvents], log_bucket_arn: str) -> list[Selector]:
    """Return the advanced event selectors of a trail: one for every management event, and those of data.

    Args:
        data_events: What is recorded of data.
        log_bucket_arn: The ARN of the bucket of the trail.
    """
    management = Selector(name="Management events", field_selectors=[_equals("eventCategory", "Management")])
    return [management, *(each.selector(log_bucket_arn) for each in data_events)]


def _check_access(access: DataAccess) -> None:
    if not isinstance(access, DataAccess):
        raise ConfigurationError(f"access must be {' or '.join(map(str, DataAccess))}, got {spoken(access)}")


def _equals(name: str, *values: str) -> _Field:
    return _Field(field=name, equal_to=list(values))


def _twice(data_events: Sequence[DataEvents]) -> str:
    twice = next(each for number, each in enumerate(data_events) if each in data_events[:number])
    return f"{twice.title.lower()} ({twice.access.name})"


def _said(given: object) -> str:
    if isinstance(given, str) and not cdk.Token.is_unresolved(given) and any(s in given for s in _ALWAYS_MANAGEMENT):
        return f"{given!r}, of which CloudTrail has no data events: its calls are management events, recorded always"
    return spoken(given)
