"""What did this principal do?"""

from constructs_lib.auditing.record_facts import ARNS, SESSION, VIA_SERVICE
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import filled


def what_a_principal_did(table: str) -> SavedQuery:
    """Return the query that answers it: every recorded call of a role, of one of its sessions, or of a user.

    The record of the principal's own account is asked, where calls into other accounts stand as well. IAM and other
    services that are in no Region record in us-east-1.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events

    Args:
        table: The table of records, as SQL.
    """
    return SavedQuery(
        name="what_a_principal_did",
        question="What did this role or user do, when, where, on what and from where?",
        asks_for=("the principal's account", "its ARN", "the first day", "the last day"),
        columns=(
            "called_at",
            "region",
            "service",
            "operation",
            "resources",
            "via_service",
            "session",
            "source_ip",
            "error",
            "event_id",
        ),
        sql=filled(_SQL, session=SESSION, via_service=VIA_SERVICE, arns=ARNS, table=table),
    )


_SQL = """
    SELECT DISTINCT
      eventtime AS called_at,
      region,
      eventsource AS service,
      eventname AS operation,
      array_join(@arns, ', ') AS resources,
      @via_service AS via_service,
      @session AS session,
      sourceipaddress AS source_ip,
      errorcode AS error,
      eventid AS event_id
    FROM @table
    WHERE account = ?
      AND ? IN (useridentity.sessioncontext.sessionissuer.arn, useridentity.arn)
      AND "day" BETWEEN ? AND ?
    ORDER BY called_at, event_id
"""
