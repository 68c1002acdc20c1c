"""What the process that started the emulator may tell it through standard input, where nobody else can write.

A command is a line of JSON, and so is its answer. There is one: AWS itself puts an event on the default bus.
"""

import asyncio
import contextvars
import json
from typing import Any

from ministack.core.responses import request_scope

from local_aws.server.events_of_aws import put_event

_loops: list[asyncio.AbstractEventLoop] = []


def listen(loop: asyncio.AbstractEventLoop) -> None:
    """Perform commands in the event loop that serves, where no request is half done."""
    _loops.append(loop)


def hear(line: str) -> None:
    """Hand a command to the event loop; called from the thread that reads them."""
    _loops[0].call_soon_threadsafe(_perform, json.loads(line), context=contextvars.Context())


def _perform(command: dict[str, Any]) -> None:
    with request_scope(command["account"], command["region"]):
        put_event(command["event"])
    print(json.dumps({"done": True}), flush=True)  # noqa: T201  # the answer that the parent waits for
