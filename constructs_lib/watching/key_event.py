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

    POLICY_OR_TAGS_CHANGED = "policy or tags changed"
    """Its policy was replaced, or its tags were, at which policies may look: somebody may be let in or locked out."""

    GRANTS_CHANGED = "grants changed"
    """Somebody was given the use of it by a grant, or a grant was revoked or retired.

    Also where a service called for somebody, such as a task of Step Functions, unless it is one that asks for grants
    for resources of its own.
    """

    SERVICE_GRANTS_CHANGED = "service grants changed"
    """A service that asks for grants for its own resources made or ended one, as EBS and RDS for each volume.

    These are many, so they are told only to who asks for them.
    """

    ROTATION_CHANGED = "rotation changed"
    """Its rotation was disabled, enabled or given another period, or was done on demand."""

    ROTATED = "rotated"
    """KMS has given it new key material: once in a period as it should, so it is told only to who asks for it."""

    MATERIAL_CHANGED = "material changed"
    """Its imported material was deleted, or imported with the day on which it expires, which may be near.

    What it encrypts cannot be read while the material is away.
    """

    MATERIAL_EXPIRED = "material expired"
    """Its imported material has expired, with the same effect. An alarm rings 30 days before."""

    REPLICATED = "replicated"
    """It was replicated to another Region, under a policy of its own there, or its primary Region was changed."""

    @staticmethod
    def usual() -> "frozenset[KeyEvent]":
        """Return what a watch tells unless it is told otherwise: all but what is routine.

        Examples:
            >>> sorted(event.name for event in KeyEvent if event not in KeyEvent.usual())
            ['ROTATED', 'SERVICE_GRANTS_CHANGED']
        """
        return frozenset(KeyEvent) - {KeyEvent.ROTATED, KeyEvent.SERVICE_GRANTS_CHANGED}
