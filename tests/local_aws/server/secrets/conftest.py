"""Keys for secrets, roles that use both, and a function that rotates them."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.secret_rotation_scene import SecretRotationScene

_number = itertools.count(1)


@pytest.fixture
def secrets(aws: LocalAws) -> Any:
    """Return the administrator's client."""
    return aws.session().client("secretsmanager")


@pytest.fixture
def make_key(aws: LocalAws, make_key_policy: Callable[..., dict[str, Any]], account_root: str) -> Callable[..., str]:
    """Make a key that leaves some actions through Secrets Manager to IAM, and return its ARN."""

    def make(*actions: str, region: str | None = None) -> str:
        use = {
            "Effect": "Allow",
            "Principal": {"AWS": account_root},
            "Action": list(actions or ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")),
            "Resource": "*",
            "Condition": {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}},
        }
        kms = aws.session().client("kms", region_name=region or aws.region)
        arn: str = kms.create_key(Policy=json.dumps(make_key_policy(use)))["KeyMetadata"]["Arn"]
        return arn

    return make


@pytest.fixture
def make_client(aws: LocalAws, make_role: Callable[..., str]) -> Callable[..., Any]:
    """Make a client of Secrets Manager for a new role with these statements."""

    def make(*statements: dict[str, Any]) -> Any:
        return aws.session(aws.assume(make_role(*statements))).client("secretsmanager")

    return make


@pytest.fixture
def make_secret(secrets: Any) -> Callable[..., str]:
    """Make a secret with the value `first` and return its ARN."""

    def make(**settings: Any) -> str:
        request = {"Name": f"secret-{next(_number)}", "SecretString": "first", **settings}
        return str(secrets.create_secret(**request)["ARN"])

    return make


@pytest.fixture(scope="session")
def session_role(aws: LocalAws) -> Callable[..., str]:
    """Make a role that lives as long as the embedded AWS."""

    def make(*statements: dict[str, Any], **options: str) -> str:
        return aws.create_role(f"rotating-{next(_number)}", *statements, **options)

    return make


@pytest.fixture(scope="session")
def rotation(aws: LocalAws, session_role: Callable[..., str]) -> SecretRotationScene:
    """Make a rotation function that Secrets Manager of this account may invoke."""
    scene = SecretRotationScene(aws, session_role)
    scene.admit(SourceAccount=aws.account)
    return scene
