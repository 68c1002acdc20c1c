"""What the Glue Data Catalog knows of a trail: a database and the table of its log files."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_glue as glue

from constructs_lib.auditing.trail_table import (
    COLUMNS,
    INPUT_FORMAT,
    OUTPUT_FORMAT,
    PARTITIONS,
    SERIALIZATION,
    TABLE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from constructs_lib.auditing.trail_table import LogFiles


def define_database(scope: "Construct", *, name: str) -> glue.CfnDatabase:
    """Define a database.

    Args:
        scope: The construct that owns it.
        name: Its name.
    """
    return glue.CfnDatabase(
        scope,
        "Database",
        catalog_id=cdk.Stack.of(scope).account,
        database_input=glue.CfnDatabase.DatabaseInputProperty(name=name, description="The record of a trail"),
    )


def define_table(scope: "Construct", *, database: glue.CfnDatabase, files: "LogFiles") -> glue.CfnTable:
    """Define the table of a trail's log files.

    Args:
        scope: The construct that owns it.
        database: Where it is.
        files: The log files.
    """
    return glue.CfnTable(
        scope,
        "Table",
        catalog_id=cdk.Stack.of(scope).account,
        database_name=database.ref,
        table_input=glue.CfnTable.TableInputProperty(
            name=TABLE,
            description="Records of CloudTrail, by account, Region and day",
            table_type="EXTERNAL_TABLE",
            parameters=files.properties(),
            partition_keys=_columns(PARTITIONS),
            storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                columns=_columns(COLUMNS),
                location=files.location,
                input_format=INPUT_FORMAT,
                output_format=OUTPUT_FORMAT,
                serde_info=glue.CfnTable.SerdeInfoProperty(serialization_library=SERIALIZATION),
            ),
        ),
    )


def _columns(types: "Mapping[str, str]") -> list[glue.CfnTable.ColumnProperty]:
    return [glue.CfnTable.ColumnProperty(name=name, type=its) for name, its in types.items()]
