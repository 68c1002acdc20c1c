"""One embedded AWS for all tests of this folder, and people and templates to use it with."""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.deployed_envelopes import DeployedEnvelopes
from tests.support.session_assets import SessionAssets
from tests.support.stack_operation import StackOperation

ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_number = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what needs all of the envelope functions run first.

    Processes that share the tests take away from the end of each other's, never from the beginning: so one of them
    alone deploys those functions, which takes seconds.
    """
    items.sort(key=lambda item: "envelopes" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    """Start the embedded AWS."""
    with LocalAws() as running:
        yield running


@pytest.fixture(scope="session")
def session_assets(tmp_path_factory: pytest.TempPathFactory) -> SessionAssets:
    """Keep what is bundled, for all processes that share the tests."""
    folder = tmp_path_factory.getbasetemp()
    return SessionAssets((folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "assets")


@pytest.fixture(scope="session")
def envelopes(tmp_path_factory: pytest.TempPathFactory, session_assets: SessionAssets) -> Iterator[DeployedEnvelopes]:
    """Deploy everything for envelope encryption, on an embedded AWS of its own."""
    from tests.support.envelopes_app import synthesised  # noqa: PLC0415  # tests without it need not import the CDK

    folder = tmp_path_factory.mktemp("envelopes")
    with session_assets.for_app(folder):
        assembly = synthesised(folder)
    with LocalAws() as aws:
        yield DeployedEnvelopes(aws, assembly)


@pytest.fixture
def make_role(aws: LocalAws) -> Callable[..., str]:
    """Make a role of a name of its own, from policy statements."""

    def make(*statements: Mapping[str, Any], **options: str) -> str:
        return aws.create_role(f"role-{next(_number)}", *statements, **options)

    return make


@pytest.fixture
def make_stacks(aws: LocalAws, make_role: Callable[..., str]) -> Callable[..., StackOperation]:
    """Make stack operations that run as a new execution role, from its policy statements."""

    def make(*statements: Mapping[str, Any]) -> StackOperation:
        role = make_role(*(statements or (ALLOW_ALL,)), service="cloudformation.amazonaws.com")
        return StackOperation(aws.session(), role)

    return make


@pytest.fixture
def account_root(aws: LocalAws) -> str:
    """Name the account as a principal."""
    return f"arn:aws:iam::{aws.account}:root"


@pytest.fixture
def make_key_policy(account_root: str) -> Callable[..., dict[str, Any]]:
    """Make a key policy: the account may administer the key through IAM; statements come on top."""

    def make(*statements: Mapping[str, Any], principal: str = account_root) -> dict[str, Any]:
        administration = {
            "Sid": "Administration",
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": [
                "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:DisableKeyRotation",
                "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus",
                "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource",
                "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
            ],
            "Resource": "*",
        }  # fmt: skip
        return {"Version": "2012-10-17", "Statement": [administration, *statements]}

    return make
