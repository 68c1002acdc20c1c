"""What a month of keys, secrets, trail, watch and dashboards costs, computed from stated prices and assumptions.

The prices stand in `prices.json`, the accounts in `accounts.json`; what the constructs keep, and how long, is read from
their defaults.
"""

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import aws_logs as logs

from constructs_lib.audit_trail import AuditTrail
from docs.dashboard_drawing import EXAMPLE

_DOCS = Path(__file__).resolve().parent
_STATED = json.loads((_DOCS / "prices.json").read_text())
PRICES: Mapping[str, Mapping[str, Any]] = _STATED["prices"]
ACCOUNTS: Mapping[str, Mapping[str, float]] = json.loads((_DOCS / "accounts.json").read_text())
"""What is assumed of a small and of a large account, each for a month, and of every one."""

_GB, _MONTH, _HOURS = 1e9, 365.25 / 12, 24
_SMALLEST_TO_MOVE = 128 * 1024
_SMALLEST_READ = 0.01
_ROTATIONS_PAID = 2
_TRAIL = {name: each.default for name, each in inspect.signature(AuditTrail.__init__).parameters.items()}
KEPT_DAYS = int(_TRAIL["kept_for"].to_days())
COLDER_DAYS = int(_TRAIL["colder_after"].to_days())
LOG_GROUP_MONTHS = 12 if _TRAIL["log_group_retention"] is logs.RetentionDays.ONE_YEAR else 0
_QUESTIONS = sum(widget["type"] == "log" for widget in EXAMPLE.body()["widgets"])


@dataclass(frozen=True)
class Cost:
    """One line of a bill.

    Attributes:
        of: What is paid.
        price: Its name in `prices.json`.
        first: How many units in the first month.
        later: How many when as much expires as is added.
    """

    of: str
    price: str
    first: float
    later: float

    @property
    def dollars(self) -> tuple[float, float]:
        """What it costs in the first month and later."""
        return dollars(self.price, self.first), dollars(self.price, self.later)


def dollars(price: str, units: float) -> float:
    """Return what a number of units costs.

    Args:
        price: Its name in `prices.json`.
        units: How many.

    Examples:
        >>> dollars("kms_request", 1_000_000)
        3.0
    """
    return float(round(PRICES[price]["dollars"] * units / PRICES[price]["per"], 6))


def bill(name: str) -> list[Cost]:
    """Return every line of an account's bill.

    Args:
        name: `small` or `large`.
    """
    account = {**ACCOUNTS["every"], **ACCOUNTS[name]}
    return [
        *_keys(account),
        *_secrets(account),
        *_certificates(account),
        *_trail(account),
        *_log_files(account),
        *_log_group(account),
        *_watch(account),
        *_looks(account),
    ]


def log_file_kilobytes(name: str) -> float:
    """Return the mean size of a log file of an account.

    Args:
        name: `small` or `large`.
    """
    account = {**ACCOUNTS["every"], **ACCOUNTS[name]}
    return _files_gb(account) * _GB / account["log_files"] / 1024


def _keys(account: Mapping[str, float]) -> list[Cost]:
    keys, requests = account["keys"], account["kms_requests"]
    return [
        Cost("Keys", "key", keys, keys),
        Cost("Their rotated versions", "rotated_version", 0, keys * _ROTATIONS_PAID),
        Cost("KMS requests", "kms_request", requests, requests),
    ]


def _secrets(account: Mapping[str, float]) -> list[Cost]:
    secrets, requests = account["secrets"], account["secret_requests"]
    # A metric is paid for the hours in which there is something of it.
    metrics = secrets * account["metrics_of_a_secret"] * account["hours_of_these_metrics"] / _HOURS
    return [
        Cost("Secrets", "secret", secrets, secrets),
        Cost("Requests to Secrets Manager", "secret_request", requests, requests),
        Cost("Metrics of rotations", "metric", metrics, metrics),
    ]


def _certificates(account: Mapping[str, float]) -> list[Cost]:
    # ACM takes nothing for public certificates that are not exported, nor for imported ones.
    certificates = account["certificates"]
    metrics = certificates * account["metrics_of_a_certificate"] * account["hours_of_certificate_metrics"] / _HOURS
    return [Cost("Metrics of certificates", "metric", metrics, metrics)]


def _trail(account: Mapping[str, float]) -> list[Cost]:
    data, analysed = account["data_events"], account["insight_events"]
    return [
        Cost("Trail: data events", "data_event", data, data),
        Cost("Trail: events that insights analyse", "insight_event", analysed, analysed),
    ]


def _log_files(account: Mapping[str, float]) -> list[Cost]:
    files, gb = account["log_files"], _files_gb(account)
    months, before = KEPT_DAYS / _MONTH, COLDER_DAYS / _MONTH
    moves = gb * _GB / files >= _SMALLEST_TO_MOVE
    standard = gb * before if moves else gb * months
    return [
        Cost(
            "Log files: written, with digests",
            "s3_put",
            files + account["digest_files"],
            files + account["digest_files"],
        ),
        Cost("Log files: S3 Standard", "s3_standard", gb, standard),
        Cost("Log files: becoming colder", "s3_transition", 0, files if moves else 0),
        Cost("Log files: Glacier Instant Retrieval", "s3_colder", 0, gb * (months - before) if moves else 0),
    ]


def _log_group(account: Mapping[str, float]) -> list[Cost]:
    gb = _events_gb(account)
    stored = gb * account["log_group_compression"]
    return [
        Cost("Log group: taken in", "logs_ingested", gb, gb),
        Cost("Log group: kept", "logs_stored", stored, stored * LOG_GROUP_MONTHS),
    ]


def _watch(account: Mapping[str, float]) -> list[Cost]:
    emails = account["messages"] * account["emails_per_message"]
    return [
        Cost("Metric filters", "metric", account["metrics"], account["metrics"]),
        Cost("Alarms", "alarm", account["alarms"], account["alarms"]),
        Cost("EventBridge", "service_event", account["service_events"], account["service_events"]),
        Cost("SNS: messages", "message", account["messages"], account["messages"]),
        Cost("SNS: emails", "email", emails, emails),
    ]


def _looks(account: Mapping[str, float]) -> list[Cost]:
    part = account["athena_days_read"] / _MONTH
    read = max(_files_gb(account) * part, _SMALLEST_READ) * account["athena_queries"]
    opened = account["log_files"] * part * account["athena_queries"]
    asked = _events_gb(account) / _MONTH * _QUESTIONS * account["dashboard_loads"]
    return [
        Cost("Athena: read", "athena", read, read),
        Cost("Athena: files opened in S3", "s3_get", opened, opened),
        Cost("Dashboards", "dashboard", account["dashboards"], account["dashboards"]),
        Cost("Dashboards: questions to the log group", "logs_queried", asked, asked),
    ]


def _events_gb(account: Mapping[str, float]) -> float:
    events = account["kms_requests"] + account["other_management_events"] + account["data_events"]
    return events * account["event_bytes"] / _GB


def _files_gb(account: Mapping[str, float]) -> float:
    return _events_gb(account) / account["log_file_compression"]
