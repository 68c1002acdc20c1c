from collections.abc import Callable
from datetime import date

import aws_cdk as cdk

from constructs_lib.auditing.catalogue import define_database, define_table
from constructs_lib.auditing.trail_table import LogFiles
from tests.support.synthesised import template_of, written


def test_the_table_is_in_the_database_and_waits_for_it(make_app: Callable[..., cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Audit")
    files = LogFiles(
        bucket_name="logs",
        prefix="",
        organization_id=None,
        accounts=("111122223333",),
        regions=("eu-west-1",),
        since=date(2026, 1, 1),
    )

    define_table(stack, database=define_database(stack, name="audit"), files=files)

    found = template_of(stack)["Resources"]
    assert written(found["Database"]["Properties"]) == {
        "CatalogId": "${AWS::AccountId}",
        "DatabaseInput": {"Name": "audit", "Description": "The record of a trail"},
    }
    assert written(found["Table"]["Properties"]["DatabaseName"]) == "${Database}"
    assert found["Table"]["Properties"]["TableInput"]["StorageDescriptor"]["Location"] == "s3://logs/AWSLogs/"
