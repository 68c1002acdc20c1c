"""The runtime of a Python function: the process that holds one execution environment.

It is started as a script, without any installed package, and speaks ministack's protocol: one JSON line of
settings and then one for each invocation on standard input, one JSON line for each answer on standard
output. As in Lambda a failure of the handler is answered with the class of the exception, and the environment
lives on. https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

import contextlib
import importlib
import json
import logging
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

_request_id = ""


class Context:
    """What Lambda passes to a handler beside the event."""

    def __init__(self, settings: dict[str, Any], invocation: dict[str, Any]) -> None:
        """Read the function's settings and those of one invocation."""
        self.function_name = settings["function_name"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = str(settings["memory"])
        self.invoked_function_arn = invocation.get("invoked_function_arn", "")
        self.aws_request_id = invocation.get("request_id", "")
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline = time.monotonic() + invocation.get("timeout_ms", 3000) / 1000

    def get_remaining_time_in_millis(self) -> int:
        """Say how long the handler may still run."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class JsonFormatter(logging.Formatter):
    """Log lines as Lambda writes them when a function's log format is JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record, with its extra attributes, as one line."""
        line: dict[str, Any] = {
            "timestamp": _timestamp(record.created),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": _request_id,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
        known = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
        line.update({key: value for key, value in vars(record).items() if key not in known})
        return json.dumps(line, default=str)


def main() -> None:
    """Load the handler and answer invocations until standard input closes."""
    answers, sys.stdout = sys.stdout, sys.stderr
    settings = json.loads(sys.stdin.readline())
    sys.path[:0] = settings["paths"]
    sys.path += settings["runtime_paths"]
    _configure_logging()
    try:
        handler = getattr(importlib.import_module(settings["module"]), settings["handler"])
    except Exception as error:  # noqa: BLE001  # whatever the module raises is the answer
        traceback.print_exc()
        _answer(answers, {"status": "error", "error": f"{type(error).__name__}: {error}"})
        return
    _answer(answers, {"status": "ready", "cold": True})
    for line in sys.stdin:
        _forget_peak_memory()
        answer = _invoke(handler, settings, json.loads(line))
        _answer(answers, {**answer, "memory_bytes": _peak_memory()})


def _invoke(handler: Any, settings: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    global _request_id  # noqa: PLW0603  # one invocation at a time, and every log line names it
    invocation = message.get("ctx") or {}
    _request_id = invocation.get("request_id", "")
    if invocation.get("trace_id"):
        os.environ["_X_AMZN_TRACE_ID"] = invocation["trace_id"]
    try:
        result = handler(message["event"], Context(settings, invocation))
        json.dumps(result)
    except Exception as error:  # noqa: BLE001  # whatever the handler raises is the answer
        failure = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": _request_id,
            "stackTrace": traceback.format_tb(error.__traceback__)[1:],
        }
        print(_failure_line(failure), file=sys.stderr, flush=True)  # noqa: T201  # the function's log
        return {"status": "ok", "failure": failure}
    finally:
        sys.stderr.flush()
    return {"status": "ok", "result": result}


def _forget_peak_memory() -> None:
    # https://docs.kernel.org/filesystems/proc.html: 5 resets the peak to what is in use now. Only Linux has it.
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_memory() -> int:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in bytes on macOS
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _failure_line(failure: dict[str, Any]) -> str:
    if os.environ["AWS_LAMBDA_LOG_FORMAT"] == "JSON":
        return json.dumps({"timestamp": _timestamp(time.time()), "log_level": "ERROR", **failure})
    trace = "".join(failure["stackTrace"])
    return f"[ERROR] {failure['errorType']}: {failure['errorMessage']}\nTraceback (most recent call last):\n{trace}"


def _configure_logging() -> None:
    handler = logging.StreamHandler(sys.stderr)
    if os.environ["AWS_LAMBDA_LOG_FORMAT"] == "JSON":
        handler.setFormatter(JsonFormatter())
        logging.getLogger().setLevel(os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO"))
    else:
        handler.setFormatter(logging.Formatter("[%(levelname)s]\t%(asctime)s\t%(message)s"))
    logging.getLogger().addHandler(handler)


def _answer(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _timestamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


if __name__ == "__main__":
    main()
