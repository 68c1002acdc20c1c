"""The stand-in for S3 behind a port of the loopback interface, and a client of botocore's for it."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
from botocore.config import Config

from tests.support.s3_stand_in import Answer, Refused, Request, S3StandIn


@contextmanager
def serving(stand_in: Callable[[], S3StandIn]) -> Iterator[Any]:
    """Serve on a free port whatever stand-in is the one of the moment, to a client of botocore's that never retries."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            request = self._understood()
            try:
                answer = stand_in().answer(request)
            except Refused as refused:
                body = f"<Error><Code>{refused.code}</Code></Error>".encode()
                answer = Answer(b"" if request.operation == "HeadObject" else body, status=refused.status)
            headers = {"content-length": str(len(answer.body)), **answer.headers}
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body[: answer.sent])
            self.close_connection = answer.sent is not None

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

        def _understood(self) -> Request:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            length = int(headers.get("content-length", "0"))
            body = self.rfile.read(length)
            if len(body) < length:
                # Whoever hangs up before all is said has asked for nothing; it may be read long after that.
                raise ConnectionAbortedError(f"{len(body)} of {length} bytes came")
            return Request(_operation(self.command, query), unquote(url.path.lstrip("/")), query, headers, body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            # A client that hangs up is what some tests are about.
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    client = botocore.session.get_session().create_client(
        "s3",
        region_name="eu-central-1",
        endpoint_url=f"http://127.0.0.1:{server.server_address[1]}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"mode": "standard", "total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )
    try:
        yield client
    finally:
        client.close()
        server.shutdown()
        server.server_close()
        thread.join()


def _operation(method: str, query: dict[str, str]) -> str:
    if "uploadId" in query:
        return {"PUT": "UploadPart", "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload"}[method]
    if "uploads" in query:
        return "CreateMultipartUpload"
    return {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject"}[method]
