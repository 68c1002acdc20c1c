"""Statements of an IAM policy, in one line."""

from typing import Any


def allow(*actions: str, **condition: str) -> dict[str, Any]:
    """Allow actions on every resource, under a condition if one is given."""
    found: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return found | ({"Condition": {"StringEquals": condition}} if condition else {})
