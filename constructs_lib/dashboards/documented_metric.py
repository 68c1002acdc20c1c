"""DocumentedMetric: a metric that AWS says it publishes, with the page that says so; a dashboard shows no others."""

from dataclasses import dataclass
from typing import Any

_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html"
_QUOTAS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Quotas-Visualize-Alarms.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
_SQS = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
)


@dataclass(frozen=True)
class DocumentedMetric:
    """A metric of an AWS service.

    Attributes:
        namespace: Where CloudWatch keeps it.
        name: Its name.
        dimensions: The names of its dimensions.
        statistic: The statistic that means something.
        page: The page of AWS that says so.
    """

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    statistic: str
    page: str

    def of(self, *values: str, **options: object) -> list[Any]:
        """Return one series of it, as the body of a dashboard has it.

        Args:
            *values: The value of each dimension.
            **options: How it is drawn: `label`, `id`, `visible`, `stat`.

        Examples:
            >>> DOCUMENTED[1].of("1234abcd", label="alias/orders")[:4]
            ['AWS/KMS', 'SecondsUntilKeyMaterialExpiration', 'KeyId', '1234abcd']
        """
        named = [text for pair in zip(self.dimensions, values, strict=True) for text in pair]
        return [self.namespace, self.name, *named, {"stat": self.statistic, **options}]

    def search(self, condition: str) -> str:
        """Return the expression that finds its series.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html

        Args:
            condition: What else must hold, such as `KeyArn="arn:..."`, or a value that some dimension has.
        """
        schema = ",".join((self.namespace, *self.dimensions))
        return f"SEARCH('{{{schema}}} MetricName=\"{self.name}\" {condition}', '{self.statistic}')"


KEY_REQUESTS = DocumentedMetric("AWS/KMS", "SuccessfulRequest", ("KeyArn", "Operation"), "Sum", _KMS)
MATERIAL_EXPIRY = DocumentedMetric("AWS/KMS", "SecondsUntilKeyMaterialExpiration", ("KeyId",), "Minimum", _KMS)
RE_ENCRYPTIONS = DocumentedMetric(
    "AWS/KMS", "SuccessfulRequest", ("DestinationKeyArn", "Operation", "SourceKeyArn"), "Sum", _KMS
)
CALLS = DocumentedMetric("AWS/Usage", "CallCount", ("Type", "Resource", "Service", "Class"), "Sum", _QUOTAS)
INVOCATIONS = DocumentedMetric("AWS/Lambda", "Invocations", ("FunctionName",), "Sum", _LAMBDA)
ERRORS = DocumentedMetric("AWS/Lambda", "Errors", ("FunctionName",), "Sum", _LAMBDA)
THROTTLES = DocumentedMetric("AWS/Lambda", "Throttles", ("FunctionName",), "Sum", _LAMBDA)
DURATION = DocumentedMetric("AWS/Lambda", "Duration", ("FunctionName",), "p99", _LAMBDA)
CONCURRENCY = DocumentedMetric("AWS/Lambda", "ConcurrentExecutions", ("FunctionName",), "Maximum", _LAMBDA)
WAITING = DocumentedMetric("AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName",), "Maximum", _SQS)
OLDEST = DocumentedMetric("AWS/SQS", "ApproximateAgeOfOldestMessage", ("QueueName",), "Maximum", _SQS)

DOCUMENTED = (
    KEY_REQUESTS,
    MATERIAL_EXPIRY,
    RE_ENCRYPTIONS,
    CALLS,
    INVOCATIONS,
    ERRORS,
    THROTTLES,
    DURATION,
    CONCURRENCY,
    WAITING,
    OLDEST,
)
"""Every metric that a dashboard shows, beside the one that it makes itself: the rotations in a trail's log group."""
