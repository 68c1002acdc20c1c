"""KeyEvent: what can happen to a key, and what of it a watch tells."""

from enum import Enum


class KeyEvent(Enum):
    """What can happen to a key."""

    DISABLED = "disabled"
    """It was disabled: what it encrypts cannot be read."""

    DELETION_SCHEDULED = "deletion scheduled"
    """It is disabled and will be deleted: then what it encrypts can never be read again."""

    RESUMED = "resumed"
    """It was enabled, or its deletion was cancelled: a key that was stopped for a reason can be used again."""

    GONE = "gone"
    """It was deleted, and with it whatever it encrypts."""

    POLICY_CHANGED = "policy changed"
    """Its policy was replaced: somebody may have been let in or locked out."""

    GRANT_CREATED = "grant created"
    """Somebody was given the use of it by a grant, and no AWS service asked for that."""

    SERVICE_GRANT_CREATED = "service grant created"
    """An AWS service asked for a grant on somebody's behalf, as EBS does for each volume and RDS for each instance.

    These are many, and each is for the resource of a service; so they are told only to who asks for them.
    """

    ROTATION_CHANGED = "rotation changed"
    """Its rotation was disabled, enabled or given another period, or was done on demand."""

    ROTATED = "rotated"
    """KMS has given it new key material: once in a period as it should, so it is told only to who asks for it."""

    MATERIAL_DELETED = "material deleted"
    """Its imported material was deleted: what it encrypts cannot be read until that is imported again."""

    MATERIAL_EXPIRED = "material expired"
    """Its imported material has expired, with the same effect. An alarm rings 30 days before."""

    REPLICATED = "replicated"
    """It was replicated to another Region, under a policy of its own there, or its primary Region was changed."""


USUAL: frozenset[KeyEvent] = frozenset(KeyEvent) - {KeyEvent.ROTATED, KeyEvent.SERVICE_GRANT_CREATED}
"""What a watch tells unless it is told otherwise."""
