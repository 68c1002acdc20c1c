"""Which keys were not used?"""

from collections.abc import Sequence

from constructs_lib.auditing.record_facts import ARNS, USES_OF_KEYS
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import filled, text


def keys_not_used(table: str, *, key_arns: Sequence[str], unused_days: int, seen_days: int) -> SavedQuery:
    """Return the query that answers it, of keys that the app named and of every key that the record mentions.

    A key of which nothing at all was recorded in those days, and that the app did not name, is not seen: CloudTrail
    records that keys were listed, and not which. Nor is what happens outside of KMS: encrypting under a public key,
    verifying with one, and what a data key encrypts after KMS gave it out, such as an S3 Bucket Key. Keys that KMS has
    deleted are left out; keys of AWS in the account are not told apart.
    https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-determining-usage.html

    Args:
        table: The table of records, as SQL.
        key_arns: Keys to report even if the record does not mention them.
        unused_days: For how many days a key was not used that is reported.
        seen_days: In how many days a key was mentioned that is looked at, and for how many its last use is looked for.
    """
    arns = ", ".join(text(each) for each in key_arns)
    named = filled("UNION SELECT key_arn FROM (VALUES @arns) AS named (key_arn)", arns=arns) if arns else ""
    return SavedQuery(
        name="keys_not_used",
        question=f"Which keys were not used for {unused_days} days, and when were they used or mentioned last, if at "
        f"all in {seen_days} days?",
        asks_for=(),
        columns=("key_arn", "last_use", "last_mention"),
        sql=filled(
            _SQL,
            arns=ARNS,
            uses=USES_OF_KEYS,
            named=named,
            unused_days=text(str(unused_days)),
            seen_days=text(str(seen_days)),
            table=table,
        ),
    )


_SQL = """
    WITH mentioned AS (
      SELECT
        touched.key_arn,
        max(CASE WHEN eventname IN (@uses) AND errorcode IS NULL THEN eventtime END) AS last_use,
        max(CASE WHEN eventname = 'DeleteKey' THEN eventtime END) AS deleted_at,
        max(eventtime) AS last_mention
      FROM @table
      CROSS JOIN UNNEST(@arns) AS touched (key_arn)
      WHERE "day" >= date_format(current_date - INTERVAL @seen_days DAY, '%Y/%m/%d')
        AND eventsource = 'kms.amazonaws.com'
        AND split_part(touched.key_arn, ':', 6) LIKE 'key/%'
      GROUP BY touched.key_arn
    ),
    known AS (
      SELECT key_arn FROM mentioned @named
    )
    SELECT known.key_arn, mentioned.last_use, mentioned.last_mention
    FROM known
    LEFT JOIN mentioned ON mentioned.key_arn = known.key_arn
    WHERE mentioned.deleted_at IS NULL
      AND (
        mentioned.last_use IS NULL
        OR mentioned.last_use < date_format(current_date - INTERVAL @unused_days DAY, '%Y-%m-%d')
      )
    ORDER BY mentioned.last_use NULLS FIRST, known.key_arn
"""
