"""Staging labels: each is on one version of a secret, and where `AWSCURRENT` was, `AWSPREVIOUS` is.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
A version that loses its last label is deprecated: no list shows it, but whoever knows its id can read it for a while.
ministack deletes it at once.
"""

from ministack.services import secretsmanager

from local_aws.server.secrets.records import CURRENT, PENDING, PREVIOUS, Record, labelled


def attach(record: Record, label: str, version_id: str) -> None:
    """Put a label on a version and take it from the one that had it.

    Args:
        record: The secret.
        label: The label.
        version_id: The version.
    """
    had = labelled(record, label)
    if had == version_id:
        return
    if had is not None:
        record["Versions"][had]["Stages"].remove(label)
    record["Versions"][version_id]["Stages"].append(label)
    if label == CURRENT and had is not None:
        attach(record, PREVIOUS, had)
    if label not in {PENDING, PREVIOUS}:
        secretsmanager._emit_secret_label_updated(record, label, version_id)
