from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.listening import Listening

pytestmark = pytest.mark.deploy


def test_a_rotation_on_demand_is_told_with_both_materials(aws: LocalAws) -> None:
    kms: Any = aws.session().client("kms")
    key = kms.create_key()["KeyMetadata"]
    pattern = {"detail-type": ["KMS CMK Rotation"], "resources": [key["Arn"]]}
    heard = Listening(aws, f"hears-{key['KeyId']}", pattern, aws.region)

    kms.rotate_key_on_demand(KeyId=key["KeyId"])

    (event,) = heard.hear(1)
    (rotation,) = kms.list_key_rotations(KeyId=key["KeyId"])["Rotations"]
    previous = event["detail"].pop("previous-key-material-id")
    assert previous != rotation["KeyMaterialId"]
    assert (event["source"], event["detail"]) == (
        "aws.kms",
        {
            "key-id": key["KeyId"],
            "key-origin": "AWS_KMS",
            "rotation-type": "ON_DEMAND",
            "current-key-material-id": rotation["KeyMaterialId"],
        },
    )
