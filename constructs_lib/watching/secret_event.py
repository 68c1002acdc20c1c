"""SecretEvent: what can happen to a secret, and what of it a watch tells."""

from enum import Enum


class SecretEvent(Enum):
    """What can happen to a secret."""

    ROTATION_FAILED = "rotation failed"
    """A rotation failed, or the test of one did. Secrets Manager tries again; until it succeeds the old value stays."""

    ROTATION_ABANDONED = "rotation abandoned"
    """Somebody put a value while a rotation was under way, so that Secrets Manager gave the rotation up."""

    ROTATION_CHANGED = "rotation changed"
    """Its rotation got another schedule, window or function, or the first one."""

    ROTATION_CANCELLED = "rotation cancelled"
    """It is not rotated any more."""

    DELETION_SCHEDULED = "deletion scheduled"
    """Nobody can read it any more, and after the recovery window it is gone; without one it is gone at once."""

    RESTORED = "restored"
    """Its deletion is off: whoever may read it can do so again."""

    GONE = "gone"
    """Secrets Manager deleted one of its versions: at the end of a deletion each of them, one after the other."""

    POLICY_OR_TAGS_CHANGED = "policy or tags changed"
    """Its resource policy was replaced or removed, or its tags were, at which policies may look."""

    KEY_CHANGED = "key changed"
    """New values are encrypted under another key, whose policy may admit other people."""

    VALUE_UPDATED = "value updated"
    """It got a new value by an update, neither by a rotation nor as writers put one: by a deployment, or by hand."""

    LABEL_MOVED = "label moved"
    """Somebody else than its rotation moved a label, and with `AWSCURRENT` decided which version is read."""

    REPLICATED = "replicated"
    """It got a replica in another Region, or lost one, or a replica became a secret of its own."""

    REPLICATION_FAILED = "replication failed"
    """A replica did not get what it should have: whoever reads it there reads an old value, or none."""

    READING_REFUSED = "reading refused"
    """Somebody was refused its value. An application without permission tries again and again, so each refusal is told
    only to who asks for it."""

    @staticmethod
    def usual() -> "frozenset[SecretEvent]":
        """Return what a watch tells unless it is told otherwise.

        Examples:
            >>> [event.name for event in SecretEvent if event not in SecretEvent.usual()]
            ['READING_REFUSED']
        """
        return frozenset(SecretEvent) - {SecretEvent.READING_REFUSED}
