"""A warehouse on the loopback interface, which has users and keys, and says where its step is to die."""

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

Json = Mapping[str, Any]


class Death(NamedTuple):
    """Where a function dies.

    Attributes:
        call: A call of the step.
        number: Which one of its kind, counted since the last death; from one.
        moment: Before or after it is done.
        how: By the end of its process, or by an exception that holds the value.
    """

    call: str
    number: int
    moment: Literal["before", "after"]
    how: Literal["exit", "raise"] = "exit"


class Warehouse:
    """The service of the tests.

    Attributes:
        passwords: Of its users.
        keys: Those that open its doors, by name.
        deaths: Those that are to come, the next one first.
        hook: Told of each call and moment.
    """

    def __init__(self) -> None:
        """Be empty."""
        self.passwords: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.deaths: list[Death] = []
        self.hook: Callable[[str, str], None] = lambda *_: None
        self._counts: dict[tuple[str, str], int] = {}

    def __enter__(self) -> Self:
        """Open."""
        warehouse = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = getattr(warehouse, f"_{self.path[1:]}")(**told)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self._server.shutdown()
        self._server.server_close()

    def accepts(self, value: str) -> bool:
        """Say whether somebody gets in with the value of a secret."""
        if value.startswith("{"):
            who = json.loads(value)
            return bool(self.passwords.get(who["username"]) == who["password"])
        return value in self.keys.values()

    def register(self, value: str) -> None:
        """Take a user or a key by hand."""
        if value.startswith("{"):
            who = json.loads(value)
            self.passwords[who["username"]] = who["password"]
        else:
            self.keys[value] = value

    def die(self, *deaths: Death) -> None:
        """Have the function die."""
        self.deaths, self._counts = list(deaths), {}

    def _fate(self, call: str, moment: str) -> Json:
        self.hook(call, moment)
        number = self._counts[call, moment] = self._counts.get((call, moment), 0) + 1
        if self.deaths and self.deaths[0][:3] == (call, number, moment):
            self._counts = {}
            return {"how": self.deaths.pop(0).how}
        return {"how": ""}

    def _longest(self) -> Json:
        return {"length": 63}

    def _enters(self, who: Json) -> Json:
        return {"yes": self.passwords.get(who["username"]) == who["password"]}

    def _change(self, by: Json, to: Json) -> Json:
        if by["username"] in {"admin", to["username"]} and self._enters(by)["yes"]:
            self.passwords[to["username"]] = to["password"]
        return {}

    def _make(self, token: str) -> Json:
        return {"key": self.keys.setdefault(token, f"key-that-was-made-for-{token}")}

    def _opens(self, key: str) -> Json:
        return {"yes": key in self.keys.values()}

    def _revoke(self, key: str) -> Json:
        self.keys = {name: each for name, each in self.keys.items() if each != key}
        return {}
