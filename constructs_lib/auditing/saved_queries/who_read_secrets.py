"""Who read secrets?"""

from constructs_lib.auditing.record_facts import ONE_EVENT, PRINCIPAL, VIA_SERVICE
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import filled


def who_read_secrets(table: str) -> SavedQuery:
    """Return the query that answers it, for Secrets Manager.

    A record names the secret as the caller did, by ARN or by name, so that ARNs are cut down to the names in them.
    Reading several secrets at once is a `GetSecretValue` for each in the record.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen

    Args:
        table: The table of records, as SQL.
    """
    return SavedQuery(
        name="who_read_secrets",
        question="Who read which secret's value, through which service, how often, and when first and last?",
        asks_for=("the first day", "the last day"),
        columns=(
            "account",
            "region",
            "secret",
            "principal",
            "via_service",
            "reads",
            "first_time",
            "last_time",
        ),
        sql=filled(_SQL, principal=PRINCIPAL, via_service=VIA_SERVICE, one_event=ONE_EVENT, table=table),
    )


_SQL = """
    SELECT
      account,
      region,
      coalesce(
        nullif(
          regexp_extract(json_extract_scalar(requestparameters, '$.secretId'), ':secret:(.+)-[A-Za-z0-9]{6}$', 1), ''
        ),
        nullif(regexp_extract(json_extract_scalar(requestparameters, '$.secretId'), ':secret:(.+)$', 1), ''),
        json_extract_scalar(requestparameters, '$.secretId')
      ) AS secret,
      @principal AS principal,
      @via_service AS via_service,
      count(DISTINCT @one_event) AS reads,
      min(eventtime) AS first_time,
      max(eventtime) AS last_time
    FROM @table
    WHERE "day" BETWEEN ? AND ?
      AND eventsource = 'secretsmanager.amazonaws.com'
      AND eventname = 'GetSecretValue'
      AND errorcode IS NULL
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY account, region, secret, reads DESC, principal
"""
