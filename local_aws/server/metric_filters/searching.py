"""FilterLogEvents understands patterns for JSON log events as metric filters do; ministack lets every event through.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import json
from collections.abc import Callable

from ministack.services import cloudwatch_logs

from local_aws.server.metric_filters.json_pattern import Predicate, json_predicate

_compile_as_ministack = cloudwatch_logs._compile_filter_pattern


def extend() -> None:
    """Search by such patterns too."""
    cloudwatch_logs._compile_filter_pattern = _compile


def _compile(pattern: str) -> Callable[[str], bool]:
    if not pattern.strip().startswith("{"):
        matches: Callable[[str], bool] = _compile_as_ministack(pattern)
        return matches
    predicate = json_predicate(pattern)
    return lambda message: _is_selected(predicate, message)


def _is_selected(predicate: Predicate, message: str) -> bool:
    try:
        return predicate(json.loads(message))
    except json.JSONDecodeError:
        return False
