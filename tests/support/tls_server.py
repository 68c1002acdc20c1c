"""A TLS server on the loopback that serves one certificate, and a client that trusts one root alone."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_GREETING = b"served"


@contextmanager
def tls_server(folder: Path, *, chain: bytes, private_key: bytes) -> Iterator[int]:
    """Serve what comes in PEM, the server's certificate first, and say on which port."""
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(private_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stopped = threading.Event()
        serving = threading.Thread(target=_serve, args=(listening, context, stopped))
        serving.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stopped.set()
            socket.create_connection(listening.getsockname()).close()
            serving.join()


def _serve(listening: socket.socket, context: ssl.SSLContext, stopped: threading.Event) -> None:
    while True:
        connection, _ = listening.accept()
        with connection:
            if stopped.is_set():
                return
            connection.settimeout(5)
            try:
                with context.wrap_socket(connection, server_side=True) as served:
                    served.sendall(_GREETING)
            except OSError:
                continue  # the client refused what it was shown


def connect(port: int, name: str, *, root_pem: str) -> dict[str, Any]:
    """Connect by a name as a client that trusts one root, and return the certificate that it took."""
    context = ssl.create_default_context(cadata=root_pem)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        context.wrap_socket(connection, server_hostname=name) as client,
    ):
        taken = client.getpeercert()
        assert client.recv(len(_GREETING)) == _GREETING
    assert taken is not None
    return dict(taken)
