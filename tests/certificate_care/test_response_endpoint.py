import socket
import ssl
from http.client import IncompleteRead
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Self
from urllib.request import Request

import botocore.session
import pytest

from certificate_care.errors import InvalidEvent, Unavailable
from certificate_care.response_endpoint import DNS_SUFFIXES, _status_of, check_url, put_answer
from local_aws.certificate import make_certificate

URL = "https://bucket.s3.eu-central-1.amazonaws.com/key?Signature=secret"


class Endpoint:
    """Answers with one status after the other; an exception is what the network does."""

    def __init__(self, *statuses: int | Exception) -> None:
        self.requests: list[Request] = []
        self.slept: list[float] = []
        self._statuses = iter(statuses)

    def status_of(self, request: Request) -> int:
        self.requests.append(request)
        status = next(self._statuses)
        if isinstance(status, Exception):
            raise status
        return status

    def put(self, url: str = URL) -> None:
        put_answer(url, b"{}", status_of=self.status_of, sleep=self.slept.append)


def test_an_answer_is_put_once_without_a_content_type() -> None:
    endpoint = Endpoint(200)

    endpoint.put()

    (request,) = endpoint.requests
    assert (request.method, request.full_url, request.data) == ("PUT", URL, b"{}")
    assert dict(request.header_items())["Content-type"] == ""
    assert endpoint.slept == []


@pytest.mark.parametrize(
    "first", [503, 500, 429, TimeoutError(), ConnectionResetError(), socket.gaierror(), IncompleteRead(b"")], ids=repr
)
def test_what_passes_is_tried_again(first: int | Exception) -> None:
    endpoint = Endpoint(first, first, 200)

    endpoint.put()

    assert len(endpoint.requests) == 3
    assert endpoint.slept == [0.5, 1.0]


@pytest.mark.parametrize("status", [403, 404, 301])
def test_refuses_to_repeat_what_will_not_pass(status: int) -> None:
    endpoint = Endpoint(status, 200)

    with pytest.raises(Unavailable, match=rf"^the answer must reach CloudFormation, got status {status}$"):
        endpoint.put()

    assert len(endpoint.requests) == 1


def test_an_endpoint_that_stays_away_is_told_without_its_address() -> None:
    with pytest.raises(Unavailable) as failed:
        Endpoint(*[TimeoutError(URL)] * 5).put()

    assert str(failed.value) == "the answer must reach CloudFormation, got TimeoutError"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https:///path",
        "http://s3.amazonaws.com/",
        "https://user@s3.amazonaws.com/",
        "https://@s3.amazonaws.com/",
        "https://s3.amazonaws.com:0/",
        "https://s3.amazonaws.com:x/",
        "https://s3.amazonaws.com:8443/",
        "https://[::1/",
        "https://s3.amazonaws.com/a b",
        "https://s3.amazonaws.com/\n",
        "https://b\u00fccket.s3.amazonaws.com/",
        "https://example.com/",
        "https://example.com/.s3.amazonaws.com",
        "https://example.com?.s3.amazonaws.com",
        "https://example.com#.s3.amazonaws.com",
        "https://example.com\\.s3.amazonaws.com/",
        "https://s3.amazonaws.com.example.com/",
        "https://s3.amazonaws.com@example.com/",
        "https://evils3.amazonaws.com/",
        "https://s3amazonaws.com/",
        "https://amazonaws.com/",
        "https://bucket.amazonaws.com/",
        "https://a1.execute-api.eu-central-1.amazonaws.com/",
        "https://s3-1.eu-central-1.elb.amazonaws.com/",
        "https://s3.eu-central-1.elb.amazonaws.com/",
        "https://ec2-192-0-2-1.eu-central-1.compute.amazonaws.com/",
        "https://bucket.s3-website.eu-central-1.amazonaws.com/",
        "https://bucket.s3-accesspoint.eu-central-1.amazonaws.com/",
        "https://localhost:4566/",
        "https://169.254.169.254/",
        "",
    ],
)
def test_refuses_an_address_that_is_not_of_s3_over_tls(url: str) -> None:
    endpoint = Endpoint(200)

    with pytest.raises(InvalidEvent, match=r"^ResponseURL must be an https address of S3, got another one$"):
        endpoint.put(url)

    assert endpoint.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
        "cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com",
        "cloudformation-custom-resource-response-euwest1.s3-eu-west-1.amazonaws.com",
        "s3-eu-west-1.amazonaws.com",
        "bucket.s3.dualstack.us-gov-west-1.amazonaws.com",
        "bucket.with.dots.s3.eu-central-1.amazonaws.com",
        "BUCKET.S3.amazonaws.com",
        "bucket.s3.eu-central-1.amazonaws.com:443",
    ],
)
def test_an_address_of_s3_is_taken_however_it_is_written(host: str) -> None:
    check_url(f"https://{host}/key?X-Amz-Signature=a", variables={})


def test_s3_is_known_in_every_partition_that_the_sdk_knows() -> None:
    partitions = botocore.session.get_session().get_data("partitions")["partitions"]
    suffixes = {each["outputs"]["dnsSuffix"] for each in partitions}

    assert suffixes == set(DNS_SUFFIXES)
    for suffix in sorted(suffixes):
        check_url(f"https://bucket.s3.eu-central-1.{suffix}/key", variables={})


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_where_the_sdk_finds_another_s3_that_is_taken_and_no_other_port_of_it(name: str) -> None:
    variables = {name: "https://localhost:4566"}

    check_url("https://localhost:4566/_cfn/1", variables=variables)
    check_url(URL, variables=variables)
    for refused in (
        "https://localhost:4567/",
        "https://localhost/",
        "http://localhost:4566/",
        "https://a.localhost:4566/",
    ):
        with pytest.raises(InvalidEvent, match="must be an https address of S3"):
            check_url(refused, variables=variables)


def test_a_variable_that_is_no_address_leads_nowhere() -> None:
    with pytest.raises(InvalidEvent):
        check_url("x", variables={"AWS_ENDPOINT_URL": "x"})


def test_an_endpoint_that_does_not_listen_is_an_error_that_is_tried_again() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{bound.getsockname()[1]}/"
        slept: list[float] = []

        with pytest.raises(Unavailable, match=r"got URLError$"):
            put_answer(url, b"{}", sleep=slept.append, variables={"AWS_ENDPOINT_URL": url})

    assert len(slept) == 4


def request_to(url: str) -> Request:
    return Request(url, data=b"{}", method="PUT", headers={"Content-Type": ""})  # noqa: S310  # this test's own server


class TlsEndpoint:
    """Takes what is put, as S3 does, on loopback over TLS; its authority is in a file."""

    def __init__(self, folder: Path, status: int) -> None:
        files = make_certificate(folder)
        self.authority = str(files.authority)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                taken.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(files.certificate, files.private_key)
        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = trust.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}/answer"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.mark.parametrize("status", [200, 403])
def test_an_answer_is_put_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with TlsEndpoint(tmp_path, status) as endpoint:
        monkeypatch.setenv("SSL_CERT_FILE", endpoint.authority)

        answered = _status_of(request_to(endpoint.url))

    ((headers, body),) = endpoint.taken
    assert (answered, body, headers["Content-Type"]) == (status, b"{}", "")


def test_nothing_is_put_to_a_server_that_no_authority_vouches_for(tmp_path: Path) -> None:
    with TlsEndpoint(tmp_path, 200) as endpoint, pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        _status_of(request_to(endpoint.url))

    assert endpoint.taken == []
