"""Every row of the catalogue."""

from tests.support.service_rows import messaging, recording, storage, workflows

ROWS = (*recording.ROWS, *messaging.ROWS, *storage.ROWS, *workflows.ROWS)
