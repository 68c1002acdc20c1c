"""Metric filters count the log events that they describe; ministack keeps the filters and counts nothing."""

from local_aws.server.metric_filters import counting, searching


def extend() -> None:
    """Count whatever is written into a log group, and search in it."""
    counting.extend()
    searching.extend()
