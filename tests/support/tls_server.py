"""A TLS server on loopback, with a certificate as ACM gives it out, and a client that trusts one root."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

_HELLO = b"hello"
_SECONDS = 10


@contextlib.contextmanager
def tls_server(*, certificate: str, chain: str, private_key: str) -> Iterator[int]:
    """Serve a certificate and yield the port.

    Args:
        certificate: The server's own, in PEM.
        chain: What is sent behind it, in PEM.
        private_key: Its key, in PEM.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder, "served.pem")
        file.write_text(f"{private_key.strip()}\n{certificate.strip()}\n{chain.strip()}\n")
        context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(_SECONDS)
        thread = threading.Thread(target=_answer, args=(listening, context), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        # Nothing but closing wakes up an accept on every system.
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(_SECONDS)


def greet(port: int, *, root: str, name: str) -> tuple[str, ...]:
    """Connect, check chain and name as every client does, and return the names of the certificate that came.

    Args:
        port: Where the server listens.
        root: The only authority that is trusted, in PEM.
        name: As whom the server must be known.

    Raises:
        ssl.SSLCertVerificationError: If the chain does not lead to the root, or the certificate is of another name.
    """
    context = ssl.create_default_context(cadata=root)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=name) as secured,
    ):
        if secured.recv(len(_HELLO)) != _HELLO:
            raise ssl.SSLError("the server must greet")
        found = secured.getpeercert() or {}
    return tuple(str(value) for _, value in found.get("subjectAltName", ()))


def _answer(listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        # A client that trusts nobody here goes away in the middle of the handshake.
        with connection, contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.sendall(_HELLO)
