"""Only AWS's own API is served: ministack's paths for tests and operators are closed.

Several of them need no signature and would read messages, change the configuration or delete everything.
"""

from hypercorn.typing import ASGIFramework, ASGIReceiveCallable, ASGISendCallable, Scope

# Health, which says nothing but that it runs, and the two addresses (with unguessable tokens) that custom
# resources and wait conditions of CloudFormation answer to.
_OPEN = ("/_ministack/health", "/_ministack/cfn-response/", "/_ministack/cfn-signal/")
_CLOSED = ("/_", "/health")


def only_aws(app: ASGIFramework) -> ASGIFramework:
    """Wrap ministack's application so that its own paths answer 404, save for the few in `_OPEN`."""

    async def guarded(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        path = scope.get("path", "")
        if isinstance(path, str) and path.startswith(_CLOSED) and not path.startswith(_OPEN):
            await _not_found(scope, send)
        else:
            await app(scope, receive, send)

    return guarded


async def _not_found(scope: Scope, send: ASGISendCallable) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": None})
        return
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
