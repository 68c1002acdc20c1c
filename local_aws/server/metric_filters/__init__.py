"""What becomes of log events: counted by metric filters, read as metrics. ministack keeps them and does neither."""

from local_aws.server.metric_filters import counting, embedded, searching


def extend() -> None:
    """Count whatever is written into a log group, read its metrics, and search in it."""
    counting.extend()
    embedded.extend()
    searching.extend()
