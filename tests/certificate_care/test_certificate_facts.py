from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from certificate_care.certificate_facts import (
    Placed,
    check_authority,
    check_dates,
    check_server,
    check_signature,
    dns_names,
    key_algorithm,
    spoken,
)
from certificate_care.errors import CertificateRefused
from certificate_care.import_settings import ALGORITHMS
from tests.support.made_certificates import NOW, Lineage, Template, made, rsa_public_key

ROOT = made(Template.authority("Root", key="P-256/facts"))


def server(**changed: object) -> x509.Certificate:
    return made(Template.leaf("shop.example.com", **changed), by=ROOT).certificate


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("P-256", "EC_prime256v1"),
        ("P-384", "EC_secp384r1"),
        ("P-521", "EC_secp521r1"),
        ("RSA-2048", "RSA_2048"),
        ("secp256k1", "secp256k1"),
        ("Ed25519", "Ed25519"),
    ],
)
def test_names_key_algorithms_as_acm_does(key: str, named: str) -> None:
    assert key_algorithm(server(key=key)) == named


@pytest.mark.parametrize("bits", [1024, 2048, 3072, 4096, 8192])
def test_names_the_size_of_rsa_keys(bits: int) -> None:
    certificate = server(key=rsa_public_key(bits))

    assert key_algorithm(certificate) == f"RSA_{bits}"
    placed = Placed(certificate, "certificate")
    if bits in {2048, 3072, 4096}:
        check_server(placed, algorithms=ALGORITHMS)
    else:
        with pytest.raises(CertificateRefused, match=f"got RSA_{bits}$"):
            check_server(placed, algorithms=ALGORITHMS)


def test_an_authority_may_have_a_larger_key_than_acm_imports() -> None:
    authority = made(Template.authority("Large", key=rsa_public_key(8192)), by=ROOT)

    check_authority(Placed(authority.certificate, "certificate_chain[1]"), below=0)


def test_reads_dns_names_in_lower_case_and_nothing_else() -> None:
    address = x509.RFC822Name("shop@example.com")

    assert dns_names(server(names=["Shop.Example.COM", "*.a.example"], addresses=[address])) == (
        "shop.example.com",
        "*.a.example",
    )
    assert dns_names(server(names=[], subject="shop.example.com")) == ()


def test_speaks_of_a_certificate_by_place_and_subject() -> None:
    assert Placed(server(), "certificate_chain[2]").called == "certificate_chain[2] (CN=shop.example.com)"
    assert spoken(x509.Name([])) == "no name"


def test_speaks_shortly_and_in_one_line() -> None:
    long = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop\n\x1b[31m")] * 30)

    said = spoken(long)

    assert len(said) == 100
    assert said.isprintable()


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        (-1, "is not valid before 2026-11-12T12:00:00Z"),
        (0, None),
        (3600 * 24 * 83, None),
        (3600 * 24 * 83 + 1, "must be valid for 7 days more, got one that expires on 2027-02-10T12:00:00Z"),
        (3600 * 24 * 90, "must be valid for 7 days more"),
        (3600 * 24 * 90 + 1, "expired on 2027-02-10T12:00:00Z: put the one that replaced it"),
    ],
)
def test_a_certificate_is_valid_from_its_first_to_its_last_second(seconds: int, reason: str | None) -> None:
    placed = Placed(server(not_before=NOW - timedelta(days=10), not_after=NOW + timedelta(days=80)), "certificate")
    now = NOW - timedelta(days=10) + timedelta(seconds=seconds)

    if reason is None:
        check_dates(placed, now=now, least_left=timedelta(days=7))
    else:
        with pytest.raises(CertificateRefused, match=reason):
            check_dates(placed, now=now, least_left=timedelta(days=7))


@pytest.mark.parametrize("key", ["P-256", "RSA-2048"])
def test_takes_signatures_over_sha_2(key: str) -> None:
    check_signature(Placed(Lineage.of(key).leaf.certificate, "certificate"))


@pytest.mark.parametrize(("below", "path_length"), [(0, 0), (1, 1), (5, None)])
def test_an_authority_signs_as_deep_as_it_may(below: int, path_length: int | None) -> None:
    placed = Placed(made(Template.authority("A", path_length=path_length), by=ROOT).certificate, "certificate_chain[1]")

    check_authority(placed, below=below)
    if path_length is not None:
        with pytest.raises(CertificateRefused, match=f"must allow {below + 1} authorities below it"):
            check_authority(placed, below=below + 1)
