"""What is shown of functions and queues: first what is wrong, then the load; nothing of what is not there."""

from constructs_lib.dashboards.function_widgets import failing, working

FUNCTIONS = {"Orders/Encrypt": "encrypt", "Orders/Decrypt": "decrypt"}
QUEUES = {"Orders/Queue": "queue"}


def _metrics(widgets: object) -> list[str]:
    return [each.properties["metrics"][0][1] for each in widgets]  # type: ignore[attr-defined]


def test_failures_are_errors_throttles_and_dead_letters() -> None:
    shown = list(failing(FUNCTIONS, QUEUES, "eu-west-1"))

    assert _metrics(shown) == ["Errors", "Throttles", "ApproximateNumberOfMessagesVisible"]
    assert shown[0].properties["metrics"] == [
        ["AWS/Lambda", "Errors", "FunctionName", "encrypt", {"stat": "Sum", "label": "Orders/Encrypt"}],
        ["AWS/Lambda", "Errors", "FunctionName", "decrypt", {"stat": "Sum", "label": "Orders/Decrypt"}],
    ]


def test_load_is_throughput_duration_concurrency_and_what_waits() -> None:
    assert _metrics(working(FUNCTIONS, QUEUES, "eu-west-1")) == [
        "Invocations",
        "Duration",
        "ConcurrentExecutions",
        "ApproximateNumberOfMessagesVisible",
        "ApproximateAgeOfOldestMessage",
    ]


def test_what_is_not_given_is_not_shown() -> None:
    assert list(failing({}, {}, "eu-west-1")) == []
    assert list(working({}, {}, "eu-west-1")) == []
    assert _metrics(failing({}, QUEUES, "eu-west-1")) == ["ApproximateNumberOfMessagesVisible"]
