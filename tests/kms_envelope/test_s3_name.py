import pytest

from envelope.errors import InvalidRequest
from kms_envelope.s3_name import address_of, is_s3_name

NAME = "s3://backups/2026/orders"


def test_a_name_says_bucket_key_and_version() -> None:
    assert address_of(NAME) == {"Bucket": "backups", "Key": "2026/orders"}
    assert address_of(f"{NAME}?versionId=old") == {"Bucket": "backups", "Key": "2026/orders", "VersionId": "old"}


def test_objects_are_told_from_files() -> None:
    assert [is_s3_name(name) for name in (NAME, "s3://", "s3/orders", "./s3://backups/orders", "-")] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["s3://", "s3://backups", "s3://backups/", "s3:///orders", "backups/orders", f"{NAME}?versionId="]
)
def test_refuses_a_name_that_is_none(name: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^input must be s3://bucket/key"):
        address_of(name)
