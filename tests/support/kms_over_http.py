"""KMS in memory behind a port of the loopback interface, for programs that make a KMS client of their own."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from botocore.exceptions import ClientError

from tests.support.fake_kms import FakeKms

_OPERATIONS = {"GenerateDataKey": "generate_data_key", "Encrypt": "encrypt", "Decrypt": "decrypt"}
_BINARY = {"Plaintext", "CiphertextBlob"}


@contextmanager
def kms_over_http(kms: FakeKms) -> Iterator[str]:
    """Answer as `kms` does while the block lasts; yield the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = _OPERATIONS[self.headers["X-Amz-Target"].rpartition(".")[2]]
            asked = {key: base64.b64decode(value) if key in _BINARY else value for key, value in request.items()}
            try:
                self._answer(200, getattr(kms, operation)(**asked))
            except ClientError as error:
                refused: Any = error.response
                status = refused["ResponseMetadata"]["HTTPStatusCode"]
                self._answer(status, {"__type": refused["Error"]["Code"], "message": refused["Error"]["Message"]})

        def _answer(self, status: int, answer: dict[str, Any]) -> None:
            told = {key: base64.b64encode(value).decode() if key in _BINARY else value for key, value in answer.items()}
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
