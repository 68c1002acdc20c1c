from datetime import date

import pytest
from sqlglot import exp

from constructs_lib.auditing.trail_table import COLUMNS, PARTITIONS, LogFiles


def files(**changed: object) -> LogFiles:
    arguments: dict[str, object] = {
        "bucket_name": "logs",
        "prefix": "",
        "organization_id": None,
        "accounts": ("111122223333", "444455556666"),
        "regions": ("eu-west-1", "us-east-1"),
        "since": date(2026, 1, 2),
        **changed,
    }
    return LogFiles(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "folder"),
    [
        ({}, "AWSLogs/"),
        ({"prefix": "audit/"}, "audit/AWSLogs/"),
        ({"organization_id": "o-a1b2c3d4e5"}, "AWSLogs/o-a1b2c3d4e5/"),
        ({"prefix": "audit/", "organization_id": "o-a1b2c3d4e5"}, "audit/AWSLogs/o-a1b2c3d4e5/"),
    ],
)
def test_log_files_are_where_cloudtrail_puts_them(changed: dict[str, object], folder: str) -> None:
    properties = files(**changed).properties()

    assert files(**changed).location == f"s3://logs/{folder}"
    assert properties["storage.location.template"] == f"s3://logs/{folder}${{account}}/CloudTrail/${{region}}/${{day}}"


def test_partitions_are_projected_from_accounts_regions_and_days() -> None:
    assert {name: value for name, value in files().properties().items() if name.startswith("projection.")} == {
        "projection.enabled": "true",
        "projection.account.type": "enum",
        "projection.account.values": "111122223333,444455556666",
        "projection.region.type": "enum",
        "projection.region.values": "eu-west-1,us-east-1",
        "projection.day.type": "date",
        "projection.day.format": "yyyy/MM/dd",
        "projection.day.range": "2026/01/02,NOW",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
    }


def test_log_files_that_were_restored_from_an_archive_are_read() -> None:
    assert files().properties()["read_restored_glacier_objects"] == "true"


def test_each_partition_is_projected_and_in_the_template_of_places() -> None:
    properties = files().properties()

    for partition in PARTITIONS:
        assert f"projection.{partition}.type" in properties
        assert f"${{{partition}}}" in properties["storage.location.template"]


def test_no_column_is_a_partition_too_and_every_type_is_one_of_hive() -> None:
    assert not COLUMNS.keys() & PARTITIONS.keys()
    for kind in {*COLUMNS.values(), *PARTITIONS.values()}:
        written = exp.DataType.build(kind, dialect="hive").sql("hive").lower()
        assert written.replace(": ", ":").replace(", ", ",") == kind
