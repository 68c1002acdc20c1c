"""Keys, and roles that may use them in one way or another."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws


@pytest.fixture
def make_key(aws: LocalAws, make_key_policy: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Make a key with further statements and return its ARN."""

    def make(*statements: dict[str, Any]) -> str:
        policy = json.dumps(make_key_policy(*statements))
        return (
            aws
            .session()
            .client("kms")
            .create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["Arn"]
        )

    return make


@pytest.fixture
def make_client(aws: LocalAws, make_role: Callable[..., str]) -> Callable[..., Any]:
    """Make a client of a service for a new role with these statements."""

    def make(service: str, *statements: dict[str, Any]) -> Any:
        session: Any = aws.session(aws.assume(make_role(*statements)))
        return session.client(service)

    return make


@pytest.fixture
def delegated(account_root: str) -> dict[str, Any]:
    """Say that the account's people may use the key where IAM allows it."""
    actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    return {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": actions, "Resource": "*"}
