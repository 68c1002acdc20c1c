"""Every row of the catalogue."""

from tests.policies.services import messaging, recording, storage, workflows

ROWS = (*recording.ROWS, *messaging.ROWS, *storage.ROWS, *workflows.ROWS)
