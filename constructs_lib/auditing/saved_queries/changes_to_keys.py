"""What changed in key policies and grants?"""

from constructs_lib.auditing.record_facts import ARNS, ONE_EVENT, PRINCIPAL, SESSION
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import filled


def changes_to_keys(table: str) -> SavedQuery:
    """Return the query that answers it.

    A record holds what was written, never what it replaced: the policy before is the one of the latest creation or
    change in the days asked for, and empty where there is none. So is the grantee of a grant that was revoked or
    retired, whose record names the grant alone. Times are in whole seconds: of two changes of one policy in the same
    second both are there, and nothing says which came first. A replica's first policy stands in a `CreateKey` of its
    own Region.
    https://docs.aws.amazon.com/kms/latest/developerguide/ct-put-key-policy.html
    https://docs.aws.amazon.com/kms/latest/developerguide/ct-retire-grant.html

    Args:
        table: The table of records, as SQL.
    """
    return SavedQuery(
        name="changes_to_keys",
        question="Who changed which key's policy or grants, when, from where, from what and to what?",
        asks_for=("the first day", "the last day"),
        columns=(
            "changed_at",
            "key_arn",
            "change",
            "principal",
            "session",
            "source_ip",
            "policy_before",
            "policy_after",
            "grant_id",
            "grantee",
            "operations",
        ),
        sql=filled(_SQL, principal=PRINCIPAL, session=SESSION, one_event=ONE_EVENT, arns=ARNS, table=table),
    )


# A call from another account is recorded twice, and only there with the caller's ARN: the greater text of the two.
_SQL = """
    WITH changes AS (
      SELECT
        min(eventtime) AS changed_at,
        touched.key_arn,
        eventname AS change,
        max(@principal) AS principal,
        max(@session) AS session,
        max(sourceipaddress) AS source_ip,
        max(json_extract_scalar(requestparameters, '$.policy')) AS policy,
        max(
          coalesce(
            json_extract_scalar(responseelements, '$.grantId'),
            json_extract_scalar(requestparameters, '$.grantId'),
            json_extract_scalar(additionaleventdata, '$.grantId')
          )
        ) AS grant_id,
        max(json_extract_scalar(requestparameters, '$.granteePrincipal')) AS grantee,
        max(
          array_join(CAST(json_extract(requestparameters, '$.operations') AS ARRAY(VARCHAR)), ', ')
        ) AS operations
      FROM @table
      CROSS JOIN UNNEST(@arns) AS touched (key_arn)
      WHERE "day" BETWEEN ? AND ?
        AND eventsource = 'kms.amazonaws.com'
        AND eventname IN ('CreateKey', 'PutKeyPolicy', 'CreateGrant', 'RevokeGrant', 'RetireGrant')
        AND errorcode IS NULL
      GROUP BY @one_event, touched.key_arn, eventname
    )
    SELECT
      changed_at,
      key_arn,
      change,
      principal,
      session,
      source_ip,
      CASE
        WHEN policy IS NOT NULL
        THEN lag(policy) IGNORE NULLS OVER (PARTITION BY key_arn ORDER BY changed_at, change)
      END AS policy_before,
      policy AS policy_after,
      grant_id,
      coalesce(grantee, max(grantee) OVER (PARTITION BY key_arn, grant_id)) AS grantee,
      coalesce(operations, max(operations) OVER (PARTITION BY key_arn, grant_id)) AS operations
    FROM changes
    ORDER BY changed_at, key_arn, change, grant_id
"""
