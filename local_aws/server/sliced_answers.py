"""Large answers leave in slices: as one piece, an object is copied several times on its way through TLS."""

from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app
from ministack.core.responses import StreamingResponse

_SLICE_BYTES = 1 << 20
_send_as_ministack = app._send_response


def extend() -> None:
    """Send every answer that is longer than one slice bit by bit."""
    app._send_response = _send_response


async def _send_response(
    send: Callable[[dict[str, Any]], Awaitable[None]],
    status: int,
    headers: dict[str, str],
    body: Any,  # noqa: ANN401  # ministack's own signature
    *,
    head: bool = False,
) -> None:
    if head or not isinstance(body, bytes) or len(body) <= _SLICE_BYTES:
        await _send_as_ministack(send, status, headers, body, head=head)
        return
    if "content-length" not in {name.lower() for name in headers}:
        headers["Content-Length"] = str(len(body))
    await app._send_streaming_response(send, None, status, headers, StreamingResponse(_runner(body)))


def _runner(body: bytes) -> Callable[..., Awaitable[None]]:
    async def run(send: Callable[[dict[str, Any]], Awaitable[None]], _receive: object) -> None:
        for start in range(0, len(body), _SLICE_BYTES):
            part = body[start : start + _SLICE_BYTES]
            await send({"type": "http.response.body", "body": part, "more_body": start + _SLICE_BYTES < len(body)})

    return run
