"""Statements of a key policy as JSON, written short."""

from typing import Any

ACCOUNT = "arn:aws:iam::111122223333:root"
READER = "arn:aws:iam::111122223333:role/data/Reader"


def allow(principal: Any, *actions: str, sid: str = "", **condition: Any) -> dict[str, Any]:
    """Return a statement that allows: a principal by its ARN, or as a policy writes it."""
    return {
        **({"Sid": sid} if sid else {}),
        "Effect": "Allow",
        "Principal": {"AWS": principal} if isinstance(principal, (str, list)) and principal != "*" else principal,
        "Action": list(actions),
        "Resource": "*",
        **({"Condition": condition} if condition else {}),
    }


def deny(principal: Any, *actions: str, sid: str = "", **condition: Any) -> dict[str, Any]:
    """Return a statement that denies."""
    return {**allow(principal, *actions, sid=sid, **condition), "Effect": "Deny"}
