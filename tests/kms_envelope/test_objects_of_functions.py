"""Objects that the functions wrote, read by the command; and the other way round."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from kms_envelope.exit_code import ExitCode
from tests.support import object_scene
from tests.support.fake_kms import KEY_ARN
from tests.support.kms_envelope_command import KEY, FakeAws, run_command
from tests.support.s3_server import serving
from tests.support.s3_stand_in import S3StandIn

TENANT = ("--context", "tenant=42")
OBJECT_ID = ("--context", "object-id=s3://sealed/orders/1.csv")
NAME = "s3://sealed/orders/1.csv"


class AwsWithStandIn(FakeAws):
    """KMS in memory, and boto3's client of the S3 that the functions use here."""

    def __init__(self, s3: Any) -> None:
        super().__init__()
        self._s3 = s3

    def s3(self) -> Any:
        return self._s3


@pytest.fixture
def storage() -> S3StandIn:
    return S3StandIn()


@pytest.fixture
def aws(storage: S3StandIn) -> Iterator[AwsWithStandIn]:
    with serving(lambda: storage) as client:
        yield AwsWithStandIn(client)


def test_the_command_reads_what_a_function_wrote(aws: AwsWithStandIn, storage: S3StandIn, tmp_path: Path) -> None:
    storage.put("plain/orders/1.csv", b"content")
    keys = FreshDataKeys(KmsKeyring(aws.fake_kms, key_arn=KEY_ARN))
    object_scene.encrypt(aws.s3(), object_scene.request("plain/orders/1.csv", "sealed/orders/1.csv"), keys=keys)

    without = run_command("decrypt", *KEY, *TENANT, NAME, tmp_path / "plain", aws=aws)
    read = run_command("decrypt", *KEY, *TENANT, *OBJECT_ID, NAME, tmp_path / "plain", aws=aws)

    assert (without.exit_code, read.exit_code) == (ExitCode.NOT_AUTHENTIC, 0)
    assert (tmp_path / "plain").read_bytes() == b"content"


def test_a_function_reads_what_the_command_wrote(aws: AwsWithStandIn, storage: S3StandIn) -> None:
    message = run_command("encrypt", *KEY, *TENANT, *OBJECT_ID, "-", "-", aws=aws, piped=b"content").stdout_bytes
    storage.put("sealed/orders/1.csv", message)
    keys = FreshDataKeys(KmsKeyring(aws.fake_kms, key_arn=KEY_ARN))

    object_scene.decrypt(aws.s3(), object_scene.request("sealed/orders/1.csv", "opened/orders/1.csv"), keys=keys)

    assert storage.current("opened/orders/1.csv").body == b"content"
