"""What ACM got is served by a real TLS server, and a client that trusts the root alone takes it."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.imports_in_memory import Held, ImportsInMemory, secret_text
from tests.support.made_certificates import NAMES, Lineage, Template, made
from tests.support.tls_server import connect, tls_server

# Both ends look at the real clock.
TODAY = datetime.now(UTC).replace(microsecond=0)
DATES = {"not_before": TODAY - timedelta(days=1), "not_after": TODAY + timedelta(days=30)}


def lineage_of_today(key: str) -> Lineage:
    root = made(Template.authority("Root", key="P-384/tls root", **DATES))
    intermediate = made(Template.authority("Intermediate", key="P-384/tls intermediate", **DATES), by=root)
    return Lineage(root, intermediate, made(Template.leaf(*NAMES, key=key, **DATES), by=intermediate))


def imported(lineage: Lineage) -> Held:
    locked = lineage.leaf.key_pem(passphrase="open it")
    scene = ImportsInMemory(secret_text(lineage, private_key=locked, passphrase="open it"), now=TODAY)
    return scene.acm.held[scene.import_first()]


@pytest.fixture(scope="module", params=["P-256", "RSA-2048"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Lineage]]:
    lineage = lineage_of_today(request.param)
    held = imported(lineage)
    folder = tmp_path_factory.mktemp("tls")
    with tls_server(folder, chain=held.certificate + held.chain, private_key=held.private_key) as port:
        yield port, lineage


@pytest.mark.parametrize("name", ["shop.example.com", "a.shop.example.com"])
def test_a_client_verifies_the_chain_and_the_name(served: tuple[int, Lineage], name: str) -> None:
    port, lineage = served

    taken = connect(port, name, root_pem=lineage.root.pem)

    assert taken["subjectAltName"] == tuple(("DNS", each) for each in NAMES)


@pytest.mark.parametrize("name", ["other.example.com", "a.b.shop.example.com"])
def test_a_client_refuses_another_name(served: tuple[int, Lineage], name: str) -> None:
    port, lineage = served

    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        connect(port, name, root_pem=lineage.root.pem)


def test_a_client_refuses_another_root(served: tuple[int, Lineage]) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get"):
        connect(served[0], NAMES[0], root_pem=made(Template.authority("Root", key="P-256/impostor", **DATES)).pem)


def test_without_the_intermediate_a_client_would_refuse_it(tmp_path: Path) -> None:
    lineage = lineage_of_today("P-256")
    held = imported(lineage)

    with (
        tls_server(tmp_path, chain=held.certificate, private_key=held.private_key) as port,
        pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer certificate"),
    ):
        connect(port, NAMES[0], root_pem=lineage.root.pem)


def test_with_the_intermediate_first_a_server_would_not_even_start(tmp_path: Path) -> None:
    held = imported(lineage_of_today("P-256"))

    with (
        pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"),
        tls_server(tmp_path, chain=held.chain + held.certificate, private_key=held.private_key),
    ):
        pass
