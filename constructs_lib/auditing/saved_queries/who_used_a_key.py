"""Who used this key?"""

from constructs_lib.auditing.record_facts import ARNS, ONE_EVENT, PRINCIPAL, USES_OF_KEYS, VIA_SERVICE
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import filled


def who_used_a_key(table: str) -> SavedQuery:
    """Return the query that answers it, of one key: account, Region and key id are the parts of its ARN.

    The record of the key's own account and Region is asked, where uses by other accounts stand as well. A replica of a
    multi-Region key is a key of its own Region. `ReEncrypt` takes a ciphertext from one key to another: which of both
    this one was is a part of the operation. Only what KMS did counts, not what it refused.
    https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html

    Args:
        table: The table of records, as SQL.
    """
    return SavedQuery(
        name="who_used_a_key",
        question="Who used this key, for what, through which service, how often, and when first and last?",
        asks_for=("the key's account", "the key's Region", "the key id", "the first day", "the last day"),
        columns=("principal", "operation", "via_service", "requests", "first_time", "last_time"),
        sql=filled(
            _SQL,
            principal=PRINCIPAL,
            via_service=VIA_SERVICE,
            one_event=ONE_EVENT,
            key_ids=f"transform({ARNS}, arn -> split_part(arn, '/', 2))",
            uses=USES_OF_KEYS,
            table=table,
        ),
    )


_SQL = """
    SELECT
      @principal AS principal,
      CASE
        WHEN eventname = 'ReEncrypt' AND touched.place = 1 THEN 'ReEncrypt from'
        WHEN eventname = 'ReEncrypt' THEN 'ReEncrypt to'
        ELSE eventname
      END AS operation,
      @via_service AS via_service,
      count(DISTINCT @one_event) AS requests,
      min(eventtime) AS first_time,
      max(eventtime) AS last_time
    FROM @table
    CROSS JOIN UNNEST(@key_ids) WITH ORDINALITY AS touched (key_id, place)
    WHERE account = ?
      AND region = ?
      AND touched.key_id = ?
      AND "day" BETWEEN ? AND ?
      AND eventsource = 'kms.amazonaws.com'
      AND eventname IN (@uses)
      AND errorcode IS NULL
    GROUP BY 1, 2, 3
    ORDER BY requests DESC, principal, operation, via_service
"""
