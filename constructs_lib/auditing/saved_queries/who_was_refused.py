"""Who was refused?"""

from constructs_lib.auditing.record_facts import ARNS, ONE_EVENT, PRINCIPAL, VIA_SERVICE
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import filled


def who_was_refused(table: str) -> SavedQuery:
    """Return the query that answers it, for KMS and Secrets Manager.

    Where IAM or a key policy refuses, the record often has neither request parameters nor resources: which key it was
    stands in the message alone, and of whoever came through a service also who it was. A caller of another account is
    refused in the record of that account, not of the key's.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html

    Args:
        table: The table of records, as SQL.
    """
    return SavedQuery(
        name="who_was_refused",
        question="Who asked KMS or Secrets Manager for what, and was refused, how often, and with which message last?",
        asks_for=("the first day", "the last day"),
        columns=(
            "principal",
            "permission",
            "resource",
            "via_service",
            "refusals",
            "first_time",
            "last_time",
            "last_message",
        ),
        sql=filled(_SQL, principal=PRINCIPAL, via_service=VIA_SERVICE, one_event=ONE_EVENT, arns=ARNS, table=table),
    )


_SQL = """
    SELECT
      coalesce(
        useridentity.sessioncontext.sessionissuer.arn,
        useridentity.arn,
        nullif(regexp_extract(errormessage, '^User: (arn:[^ ]+)', 1), ''),
        @principal
      ) AS principal,
      coalesce(
        nullif(regexp_extract(errormessage, 'perform: ([a-z]+:[A-Za-z]+)', 1), ''),
        split_part(eventsource, '.', 1) || ':' || eventname
      ) AS permission,
      coalesce(
        nullif(regexp_extract(errormessage, 'on resource: (arn:[^ ]+)', 1), ''),
        element_at(@arns, 1),
        json_extract_scalar(requestparameters, '$.keyId'),
        json_extract_scalar(requestparameters, '$.secretId')
      ) AS resource,
      @via_service AS via_service,
      count(DISTINCT @one_event) AS refusals,
      min(eventtime) AS first_time,
      max(eventtime) AS last_time,
      max_by(errormessage, eventtime) AS last_message
    FROM @table
    WHERE "day" BETWEEN ? AND ?
      AND eventsource IN ('kms.amazonaws.com', 'secretsmanager.amazonaws.com')
      AND errorcode IN ('AccessDenied', 'AccessDeniedException')
    GROUP BY 1, 2, 3, 4
    ORDER BY refusals DESC, principal, permission, resource, via_service
"""
