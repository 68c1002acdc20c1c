"""Every question that is saved."""

from collections.abc import Sequence

from constructs_lib.auditing.saved_queries.changes_to_keys import changes_to_keys
from constructs_lib.auditing.saved_queries.keys_not_used import keys_not_used
from constructs_lib.auditing.saved_queries.what_a_principal_did import what_a_principal_did
from constructs_lib.auditing.saved_queries.who_read_secrets import who_read_secrets
from constructs_lib.auditing.saved_queries.who_used_a_key import who_used_a_key
from constructs_lib.auditing.saved_queries.who_was_refused import who_was_refused
from constructs_lib.auditing.saved_query import SavedQuery
from constructs_lib.auditing.sql_text import name
from constructs_lib.auditing.trail_table import TABLE


def all_queries(database: str, *, key_arns: Sequence[str], unused_days: int, seen_days: int) -> tuple[SavedQuery, ...]:
    """Return the queries for one table.

    Args:
        database: The database of the table.
        key_arns: Keys to report as unused even if the record does not mention them.
        unused_days: For how many days a key was not used that is reported.
        seen_days: In how many days keys are looked for.

    Examples:
        >>> [each.name for each in all_queries("audit", key_arns=(), unused_days=90, seen_days=365)][:3]
        ['who_used_a_key', 'who_was_refused', 'changes_to_keys']
    """
    table = name(database, TABLE)
    return (
        who_used_a_key(table),
        who_was_refused(table),
        changes_to_keys(table),
        keys_not_used(table, key_arns=key_arns, unused_days=unused_days, seen_days=seen_days),
        who_read_secrets(table),
        what_a_principal_did(table),
    )
