"""Kinesis Data Streams: who writes to an encrypted stream and who reads it."""

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.resource_names import STREAM, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    both,
    in_context,
    via,
)

_PAGE = "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html"


def put_records(*, stream_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers write to an encrypted stream.

    https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html

    Args:
        stream_name: Name of the stream, or a pattern of it.
        region: Region of the stream.
        account: Account of the stream.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(stream_name, region, account)
    digest = short_digest(conditions)
    return ServiceUse(
        title="Kinesis: producers of a stream",
        page=_PAGE,
        running=(Allowance(sid=f"StreamWriters{digest}", actions=GENERATE_DATA_KEY, conditions=conditions),),
    )


def get_records(*, stream_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers read an encrypted stream.

    https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html

    Args:
        stream_name: Name of the stream, or a pattern of it.
        region: Region of the stream.
        account: Account of the stream.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(stream_name, region, account)
    return ServiceUse(
        title="Kinesis: consumers of a stream",
        page=_PAGE,
        running=(Allowance(sid=f"StreamReaders{short_digest(conditions)}", actions=DECRYPT, conditions=conditions),),
    )


def _through(stream_name: str, region: str, account: str) -> Conditions:
    name = STREAM.check_pattern("stream_name", stream_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return both(via("kinesis", region), in_context("aws:kinesis:arn", f"arn:{PARTITION}:kinesis:{where}:stream/{name}"))
