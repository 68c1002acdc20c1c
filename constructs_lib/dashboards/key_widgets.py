"""What a dashboard shows of its keys by metrics: load, cost, the request quota, expiry and rotation."""

from collections.abc import Iterator, Sequence
from typing import Any

from constructs_lib.dashboards.documented_metric import CALLS, KEY_REQUESTS, MATERIAL_EXPIRY, RE_ENCRYPTIONS
from constructs_lib.dashboards.rotation_count import ROTATIONS
from constructs_lib.dashboards.shown_key import ShownKey
from constructs_lib.dashboards.widget import DAY, HOUR, WIDE, Widget, bars, expression, graph, numbers

DOLLARS_FOR_10_000 = 0.03
"""Of requests that use a symmetric key or an RSA key of 2,048 bits. https://aws.amazon.com/kms/pricing/"""

MOST_DETAILED_KEYS = 40
"""Up to which lines by key and operation can be read, and stay within the 2,500 metrics of a dashboard.

Each key has six operations at most, drawn three times. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
"""

_KEYS_IN_A_WIDGET = 40  # of at most 100 search expressions and 500 series, with room for every operation
_LONGEST_ROTATION_SEEN = "-P455D"  # how long CloudWatch keeps a metric: it knows rotations of the last 15 months
_WARNING = 80


def quota_use(region: str) -> Widget:
    """Return how much of the account's request quota for symmetric keys is used, in percent.

    KMS throttles at 100. https://aws.amazon.com/blogs/security/manage-your-aws-kms-api-request-rates-using-service-quotas-and-amazon-cloudwatch/

    Args:
        region: Whose quota.
    """
    calls = CALLS.of("API", "CryptographicOperationsSymmetric", "KMS", "None", id="calls", visible=False, period=60)
    used = expression("calls/SERVICE_QUOTA(calls)*100", label="used, in percent", id="used", period=60)
    return graph(
        "Request quota of the account, symmetric keys: throttled at 100 %",
        [calls, used],
        region=region,
        period=60,
        yAxis={"left": {"min": 0, "max": 100}},
        annotations={"horizontal": [{"label": "Ask for more", "value": _WARNING, "color": "#d62728"}]},
    )


def expiry(keys: Sequence[ShownKey], region: str) -> Iterator[Widget]:
    """Yield the days until imported material expires.

    Args:
        keys: All keys; those that KMS made the material of have no such day.
        region: Of the keys.
    """
    for part in _parts([key for key in keys if key.may_expire]):
        series = [
            each
            for index, key in enumerate(part)
            for each in (
                MATERIAL_EXPIRY.of(key.key_id, id=f"s{index}", visible=False, label=key.alias),
                expression(f"s{index}/{DAY}", label=key.alias, id=f"d{index}"),
            )
        ]
        title = "Days until imported key material expires (none: it does not, or KMS made it)"
        yield numbers(title, series, region=region, period=HOUR)


def since_rotation(keys: Sequence[ShownKey], region: str) -> Iterator[Widget]:
    """Yield the days since each key was rotated, as far as the trail's log group has seen it.

    The time of a rotation is the last point of its count. `IF` drops what has no point, whatever is said of the
    missing, and `FILL` repeats the time that is left.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

    Args:
        keys: All keys; asymmetric ones do not rotate.
        region: Of the log group.
    """
    for part in _parts([key for key in keys if key.may_rotate]):
        series = [
            each
            for index, key in enumerate(part)
            for each in (
                ROTATIONS.of(key.key_id, id=f"r{index}", visible=False, label=key.alias),
                expression(_age(f"r{index}"), label=key.alias, id=f"d{index}"),
            )
        ]
        title = "Days since the last rotation (none: not since the dashboard is there)"
        yield numbers(title, series, region=region, period=DAY, start=_LONGEST_ROTATION_SEEN, end="P0D")


def load(keys: Sequence[ShownKey], region: str) -> Iterator[Widget]:
    """Yield the requests by key over time, by operation, and the re-encryptions.

    Args:
        keys: At most `MOST_DETAILED_KEYS`.
        region: Of the keys.
    """
    lines = [expression(f"SUM({_requests(key)})", label=key.alias, period=HOUR) for key in keys]
    yield graph("Requests by key, each hour", lines, region=region, period=HOUR)
    operations = [
        expression(_requests(key), label=f"{key.alias} ${{PROP('Dim.Operation')}}", period=HOUR) for key in keys
    ]
    yield graph("Requests by key and operation, each hour", operations, region=region, period=HOUR)
    moved = [
        expression(f"SUM({RE_ENCRYPTIONS.search(_quoted(key.key_arn))})", label=key.alias, period=HOUR) for key in keys
    ]
    yield graph("Re-encryptions from or to a key, each hour", moved, region=region, width=WIDE, period=HOUR)


def load_of_many(keys: Sequence[ShownKey], region: str) -> Iterator[Widget]:
    """Yield the requests by key in the time shown, where there are too many keys for lines.

    Args:
        keys: The keys.
        region: Of the keys.
    """
    for part in _parts(keys):
        series = [expression(f"SUM({_requests(key)})", label=key.alias) for key in part]
        yield bars("Requests by key in the time shown", series, region=region)


def cost(keys: Sequence[ShownKey], region: str) -> Widget:
    """Return what the requests in the time shown cost.

    Args:
        keys: At most `MOST_DETAILED_KEYS`.
        region: Of the keys.
    """
    series = [
        expression(f"SUM({_requests(key)})/10000*{DOLLARS_FOR_10_000}", label=f"{key.alias}, USD") for key in keys
    ]
    return bars("Cost of requests by key in the time shown, USD", series, region=region, width=WIDE)


def _requests(key: ShownKey) -> str:
    return KEY_REQUESTS.search(f"KeyArn={_quoted(key.key_arn)}")


def _quoted(text: str) -> str:
    return f'"{text}"'


def _age(count: str) -> str:
    return f"(EPOCH({count}) - FILL(IF({count} > 0, EPOCH({count}), {count}), REPEAT)) / {DAY}"


def _parts(keys: Sequence[ShownKey]) -> list[Any]:
    return [keys[first : first + _KEYS_IN_A_WIDGET] for first in range(0, len(keys), _KEYS_IN_A_WIDGET)]
