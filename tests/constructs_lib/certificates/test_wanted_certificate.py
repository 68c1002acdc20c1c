from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate, read_names
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm

WANTED = WantedCertificate(
    domain_names=("shop.example.com", "a.example.com"), key_algorithm=KeyAlgorithm.ECDSA_P256, export=Export.NEVER
)


def test_the_order_of_alternative_names_means_nothing() -> None:
    names = ("shop.example.com", "*.shop.example.com", "a.example.com")
    assert read_names("Shop.example.com", ["a.example.com", "*.shop.example.com"], most=3) == names
    assert read_names("shop.example.com", ["*.shop.example.com", "a.example.com"], most=10) == names


@pytest.mark.parametrize(
    ("first", "others", "most", "why"),
    [
        (f"{'a' * 60}.example.com", [], 10, "domain_name must be at most 64 characters, as the name of a subject is"),
        ("a.example.com", ["A.example.com"], 10, r"got a\.example\.com, the domain_name"),
        ("a.example.com", ["b.example.com", "b.example.com"], 10, "alternative_names must name each domain name once"),
        ("a.example.com", [f"{n}.example.com" for n in range(10)], 10, "at most 9 beside domain_name, got 10: .*=11"),
        ("a.example.com", [], 101, "most_names must be 1 to 100, got 101"),
        ("a.example.com", [], True, "most_names must be 1 to 100, got True"),
        ("a.example.com", "b.example.com", 10, "alternative_names must be a list of domain names"),
        ("shop.internal", [], 10, r"names of the public DNS, .* got shop\.internal"),
        ("a.example.com", ["shop.test"], 10, r"names of the public DNS, .* got shop\.test"),
        ("*.co.uk", [], 10, "domain_name must be a name below a public suffix"),
        ("a.example.com", ["192.0.2.1"], 10, r"alternative_names\[0\] must be a domain name, got the IP address"),
    ],
    ids=[
        "long",
        "first again",
        "twice",
        "many",
        "quota",
        "no number",
        "a text",
        "private",
        "test",
        "suffix",
        "address",
    ],
)
def test_refuses_names_for_which_acm_issues_nothing(first: str, others: Any, most: int, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        read_names(first, others, most=most)


def test_a_long_name_may_be_an_alternative_one() -> None:
    long = f"{'a' * 60}.example.com"
    assert read_names("example.com", [long], most=10) == ("example.com", long)


def test_whatever_makes_another_certificate_changes_the_fingerprint() -> None:
    made = [
        WANTED.fingerprint(),
        replace(WANTED, domain_names=WANTED.domain_names[::-1]).fingerprint(),
        replace(WANTED, domain_names=WANTED.domain_names[:1]).fingerprint(),
        replace(WANTED, key_algorithm=KeyAlgorithm.RSA_2048).fingerprint(),
        replace(WANTED, export=Export.ALLOWED).fingerprint(),
        WANTED.fingerprint("zones"),
        WANTED.fingerprint("zo", "nes"),
    ]
    assert len(set(made)) == len(made)
    assert WANTED.fingerprint() == replace(WANTED).fingerprint()
