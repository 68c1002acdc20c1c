import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.listening import Listening
from tests.support.material_import import import_material

pytestmark = pytest.mark.deploy


def _heard(aws: LocalAws, key: dict[str, Any], what: str) -> Listening:
    return Listening(aws, f"hears-{key['KeyId']}", {"detail-type": [what], "resources": [key["Arn"]]}, aws.region)


def test_a_rotation_on_demand_is_told_with_both_materials(aws: LocalAws) -> None:
    kms: Any = aws.session().client("kms")
    key = kms.create_key()["KeyMetadata"]
    heard = _heard(aws, key, "KMS CMK Rotation")

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


def test_the_expiry_of_imported_material_is_told(aws: LocalAws) -> None:
    kms: Any = aws.session().client("kms")
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]
    heard = _heard(aws, key, "KMS Imported Key Material Expiration")
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    import_material(kms, key["KeyId"], os.urandom(32), ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=soon)

    time.sleep(0.35)
    kms.describe_key(KeyId=key["KeyId"])

    assert [each["detail"] for each in heard.hear(1)] == [{"key-id": key["KeyId"]}]
