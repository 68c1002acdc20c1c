"""The step of the example that rotates an API key, against the API that its module describes."""

import json
import urllib.error
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from examples.warehouse_step.warehouse_api import Warehouse
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.secret_value import SecretValue

NO_CONTENT, OK, NOT_FOUND, UNAUTHORISED = 204, 200, 404, 401
LOOPBACK = "127.0.0.1"


class Service(HTTPServer):
    """The warehouse: the keys of one client, the newest last."""

    keys: list[str]
    requests: list[str]


class Door(BaseHTTPRequestHandler):
    server: Service

    def _answer(self, code: int) -> None:
        self.send_response(code)
        self.end_headers()

    def _enter(self, path: str) -> str | None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.body = json.loads(body) if body else {}
        self.server.requests.append(self.command)
        key = self.headers["Authorization"].removeprefix("Bearer ")
        if key not in self.server.keys:
            self._answer(UNAUTHORISED)
        elif self.path != path:
            self._answer(NOT_FOUND)
        else:
            return key
        return None

    def do_GET(self) -> None:
        if self._enter("/v1/clients/orders"):
            self._answer(OK)

    def do_PUT(self) -> None:
        if key := self._enter("/v1/clients/orders/keys"):
            self.server.keys = [key, self.body["key"]]
            self._answer(NO_CONTENT)

    def do_DELETE(self) -> None:
        if key := self._enter("/v1/clients/orders/keys"):
            self.server.keys.remove(key)
            self._answer(NO_CONTENT)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service((LOOPBACK, 0), Door) as server:
        server.keys, server.requests = ["first"], []
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def value(service: Service, key: str) -> SecretValue:
    fields = {"url": f"http://{LOOPBACK}:{service.server_port}", "client": "orders", "key": key}
    return SecretValue(json.dumps(fields))


def test_the_service_takes_the_new_key_and_for_now_the_old_one(service: Service) -> None:
    step, old, new = Warehouse(), value(service, "first"), value(service, "second")

    step.apply(current=old, pending=new, superuser=None)

    step.verify(old)
    step.verify(new)


def test_a_call_that_comes_twice_changes_nothing(service: Service) -> None:
    step, old, new = Warehouse(), value(service, "first"), value(service, "second")

    for _ in range(2):
        step.apply(current=old, pending=new, superuser=None)

    assert (service.keys, service.requests.count("PUT")) == (["first", "second"], 1)


def test_the_key_before_the_current_one_is_revoked_and_may_be_gone_already(service: Service) -> None:
    step, old, new = Warehouse(), value(service, "first"), value(service, "second")
    step.apply(current=old, pending=new, superuser=None)

    for _ in range(2):
        step.retire(old)

    assert service.keys == ["second"]


def test_a_rotation_that_was_cancelled_is_taken_back(service: Service) -> None:
    step, old, new = Warehouse(), value(service, "first"), value(service, "second")
    step.apply(current=old, pending=new, superuser=None)

    step.apply(current=new, pending=old, superuser=None)

    step.verify(old)


def test_refuses_a_client_without_a_first_key(service: Service) -> None:
    with pytest.raises(PermissionError, match="registered by hand"):
        Warehouse().apply(current=None, pending=value(service, "second"), superuser=None)


def test_refuses_what_the_service_refuses(service: Service) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        Warehouse().verify(value(service, "stolen"))


def test_an_answer_that_says_nothing_about_a_key_is_no_refusal_of_it(service: Service) -> None:
    elsewhere = SecretValue(value(service, "first").text.replace('"orders"', '"invoices"'))

    with pytest.raises(urllib.error.HTTPError, match="404"):
        Warehouse().retire(elsewhere)


def test_it_is_a_step_as_the_rotation_function_takes_one() -> None:
    guarded = GuardedStep(Warehouse())

    assert (guarded.issues_values, guarded.retires_values) == (False, True)
