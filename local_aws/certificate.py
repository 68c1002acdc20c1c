"""TLS for one life of the embedded AWS: an authority of its own and one server certificate."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from local_aws.authority import Authority

_LIFETIME: Final = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Where the files are: what clients trust, and what the server presents.

    The authority's private key is in none of them: it is forgotten once it has signed.
    """

    authority: Path
    certificate: Path
    private_key: Path


def make_certificate(folder: Path) -> Certificate:
    """Make an authority and its certificate for `localhost` and 127.0.0.1 in an existing private folder."""
    authority = Authority("Embedded AWS authority", lifetime=_LIFETIME)
    server = authority.sign("localhost", lifetime=_LIFETIME, addresses=["127.0.0.1"])
    files = Certificate(
        authority=folder / "authority.pem",
        certificate=folder / "certificate.pem",
        private_key=folder / "private-key.pem",
    )
    files.authority.write_text(authority.certificate)
    files.certificate.write_text(server.certificate)
    files.private_key.touch(mode=0o600)
    files.private_key.write_text(server.private_key)
    return files
