from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.trail_scene import TrailScene

pytestmark = pytest.mark.deploy


@pytest.fixture
def own() -> Iterator[LocalAws]:
    """Start an account of its own, since an organization is not left again."""
    with LocalAws() as aws:
        yield aws


def test_the_trail_of_an_organization_needs_one_and_writes_below_its_id(own: LocalAws) -> None:
    scene, session = TrailScene(aws=own), own.session()
    scene.make_bucket()
    with pytest.raises(ClientError, match="OrganizationsNotInUseException"):
        scene.make_trail(IsOrganizationTrail=True)
    identifier: str = session.client("organizations").describe_organization()["Organization"]["Id"]
    written = f"arn:aws:s3:::{scene.bucket}/{scene.prefix}/AWSLogs/{identifier}/*"

    def for_organization(statements: list[dict[str, Any]]) -> None:
        statements[1]["Resource"] = written

    scene.set_bucket_policy(for_organization)
    scene.make_trail(IsOrganizationTrail=True)
    scene.client("kms").list_keys()

    assert all(name.startswith(f"kept/AWSLogs/{identifier}/{own.account}/CloudTrail/") for name in scene.files())
    assert "ListKeys" in {record["eventName"] for record in scene.records()}
