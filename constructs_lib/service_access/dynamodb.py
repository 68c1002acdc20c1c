"""DynamoDB: encrypted tables, in one Region and in several."""

from constructs_lib.actions import CREATE_GRANT, DECRYPT
from constructs_lib.granted_statements import FOR_AWS_RESOURCES
from constructs_lib.principals import Conditions, merge_conditions, short_digest
from constructs_lib.service_access.creators import CREATORS
from constructs_lib.service_access.resource_names import TABLE, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    REGION,
    VIA_SERVICE,
    Allowance,
    ServiceUse,
    both,
    in_context,
    via,
)

_SERVICE = "dynamodb"
_PAGE = "https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html"


def encrypt_table() -> ServiceUse:
    """Encrypt tables: DynamoDB lives on a grant that the creator makes.

    Who reads or writes items needs `use_table`.
    https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
    """
    return ServiceUse(title="DynamoDB: a table", page=_PAGE, creator=_SERVICE)


def use_table(*, table_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers read and write the items of one table: for either, DynamoDB decrypts the table's key as the caller.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html

    Args:
        table_name: Name of the table, or a pattern of it.
        region: Region of the table.
        account: Account of the table.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = both(
        via(_SERVICE, checked_region("region", region)),
        in_context("aws:dynamodb:tableName", TABLE.check_pattern("table_name", table_name)),
        in_context("aws:dynamodb:subscriberId", checked_account("account", account)),
    )
    return ServiceUse(
        title="DynamoDB: who reads and writes items",
        page=_PAGE,
        running=(Allowance(sid=f"TableUsers{short_digest(conditions)}", actions=DECRYPT, conditions=conditions),),
        creator=_SERVICE,
    )


def replicate_table() -> ServiceUse:
    """Let callers create global tables: DynamoDB then uses the key of each Region from any of them.

    The callers are whoever deploys the table, and the statement belongs to the key of each Region.
    https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
    """
    anywhere: Conditions = {"StringLike": {VIA_SERVICE: (f"{_SERVICE}.*.amazonaws.com",)}}
    return ServiceUse(
        title="DynamoDB: who creates a global table",
        page=_PAGE,
        running=(
            Allowance(sid="GlobalTables", actions=CREATORS[_SERVICE].actions, conditions=anywhere),
            Allowance(
                sid="GlobalTablesGrants",
                actions=(CREATE_GRANT,),
                conditions=merge_conditions(anywhere, FOR_AWS_RESOURCES),
            ),
        ),
        creator=_SERVICE,
    )
