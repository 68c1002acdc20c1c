"""KMS clients of the administrator and of people, and keys whose policies name them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from local_aws import LocalAws

MakeKey = Callable[..., str]


@pytest.fixture(scope="session")
def kms(aws: LocalAws) -> Any:
    """A client of the administrator."""
    return aws.session().client("kms")


@pytest.fixture
def make_key(kms: Any, make_key_policy: Callable[..., dict[str, Any]], account_root: str) -> MakeKey:
    """Make a key that the account may use through IAM, or only as the given statements say, and return its ARN."""

    def make(*statements: Mapping[str, Any], **options: Any) -> str:
        everything = {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": "kms:*", "Resource": "*"}
        policy = make_key_policy(*(statements or (everything,)))
        return str(kms.create_key(Policy=json.dumps(policy), **options)["KeyMetadata"]["Arn"])

    return make


@pytest.fixture
def make_person(aws: LocalAws, make_role: Callable[..., str]) -> Callable[..., tuple[str, Any]]:
    """Make a role that IAM lets do everything with keys, and return its ARN with a client of it."""

    def make(*actions: str, region: str | None = None) -> tuple[str, Any]:
        role = make_role({"Effect": "Allow", "Action": list(actions or ("kms:*",)), "Resource": "*"})
        return role, aws.session(aws.assume(role)).client("kms", region_name=region)

    return make


@pytest.fixture
def allow() -> Callable[..., dict[str, Any]]:
    """Write a key policy statement that lets one role do some actions."""

    def write(role: str, *actions: str, **more: Any) -> dict[str, Any]:
        return {"Effect": "Allow", "Principal": {"AWS": role}, "Action": list(actions), "Resource": "*", **more}

    return write
