import base64
import contextlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from certificate_care.acceptance import Rules, Served, accept
from certificate_care.errors import CertificateRefused, Misconfigured, Unavailable
from certificate_care.import_settings import ALGORITHMS, Settings
from tests.support.fake_secrets_manager import SECRET_ARN
from tests.support.imports_in_memory import secret_text
from tests.support.made_certificates import (
    NAMES,
    NOW,
    PKCS1_OR_SEC1,
    PKCS8,
    Lineage,
    Made,
    Template,
    made,
    weakly_signed,
)
from tests.support.wrong_certificates import SHA1, WRONG, secrets_of

RULES = Rules(NAMES, ALGORITHMS, least_days_left=7)


@pytest.mark.parametrize("wrong", WRONG)
def test_refuses_each_wrong_one_with_its_own_reason(wrong: str) -> None:
    make, reason = WRONG[wrong]
    value = make()

    with pytest.raises(CertificateRefused) as refused:
        accept(value, rules=RULES, now=NOW)

    said = str(refused.value)
    assert reason in said
    assert not any(each in said for each in secrets_of(value))
    assert len(said.encode()) < 1024
    assert said.isprintable()


@pytest.mark.parametrize("form", ["PKCS #8", "PKCS #1 or SEC 1"])
@pytest.mark.parametrize("key", ["RSA-2048", "RSA-3072", "P-256", "P-384", "P-521"])
def test_takes_each_algorithm_and_form_of_key(key: str, form: str) -> None:
    lineage = Lineage.of().with_leaf(key=key)
    written = lineage.leaf.key_pem(form=PKCS1_OR_SEC1 if form == "PKCS #1 or SEC 1" else PKCS8)

    accepted = accept(secret_text(lineage, private_key=written), rules=RULES, now=NOW)

    assert accepted.private_key.decode() == lineage.leaf.key_pem()
    assert accepted.certificate.decode() == lineage.leaf.pem
    assert accepted.chain.decode() == lineage.intermediate.pem
    assert accepted.not_after == NOW + timedelta(days=80)


@pytest.mark.parametrize("form", ["PKCS #8", "PKCS #1 or SEC 1"])
def test_opens_an_encrypted_key(form: str) -> None:
    lineage = Lineage.of()
    locked = lineage.leaf.key_pem(passphrase="open it", form=PKCS1_OR_SEC1 if form == "PKCS #1 or SEC 1" else PKCS8)

    accepted = accept(secret_text(lineage, private_key=locked, passphrase="open it"), rules=RULES, now=NOW)

    assert accepted.private_key.decode() == lineage.leaf.key_pem()
    assert "PRIVATE" not in repr(accepted)


def test_takes_a_passphrase_that_is_not_needed() -> None:
    assert (
        accept(secret_text(Lineage.of(), passphrase="open it"), rules=RULES, now=NOW).key_algorithm == "EC_prime256v1"
    )


def test_takes_a_chain_with_its_root() -> None:
    lineage = Lineage.of()
    chain = lineage.intermediate.pem + lineage.root.pem

    assert accept(secret_text(lineage, certificate_chain=chain), rules=RULES, now=NOW).chain.decode() == chain


def test_takes_a_chain_of_a_private_authority_that_says_the_least() -> None:
    authority = made(Template.authority("Private", key="P-256/private", has_key_identifiers=False, usages=None))
    lineage = Lineage.of().with_leaf(by=authority, has_key_identifiers=False, usages=None, is_authority=None)

    assert accept(secret_text(lineage), rules=RULES, now=NOW).chain.decode() == authority.pem


def test_takes_a_root_that_signed_itself_over_sha_1() -> None:
    strong = made(Template.authority("RSA root", key="RSA-2048/root"))
    old = weakly_signed(Template.authority("RSA root", key="RSA-2048/root"), by=strong, hash_algorithm=SHA1)
    lineage = Lineage.of().with_leaf(by=strong)

    accepted = accept(secret_text(lineage, certificate_chain=old.pem), rules=RULES, now=NOW)

    assert accepted.chain.decode() == old.pem


def test_puts_in_order_what_surrounds_the_certificates() -> None:
    lineage = Lineage.of()
    exported = f"Bag Attributes\r\n    friendlyName: shop\r\n{lineage.leaf.pem}\r\n"

    assert (
        accept(secret_text(lineage, certificate=exported), rules=RULES, now=NOW).certificate.decode()
        == lineage.leaf.pem
    )


@pytest.mark.parametrize(("days", "is_taken"), [(7, True), (6.999, False)])
def test_counts_the_days_that_are_left(days: float, is_taken: bool) -> None:  # noqa: FBT001  # a row of the table
    value = secret_text(Lineage.of().with_leaf(not_after=NOW + timedelta(days=7)))
    now = NOW + timedelta(days=7 - days)

    if is_taken:
        assert accept(value, rules=RULES, now=now).not_after == NOW + timedelta(days=7)
    else:
        with pytest.raises(CertificateRefused, match="must be valid for 7 days more"):
            accept(value, rules=RULES, now=now)


def test_what_serves_already_needs_no_days_that_are_left() -> None:
    lineage = Lineage.of().with_leaf(not_after=NOW + timedelta(days=1))
    served = Served.of({"Certificate": lineage.leaf.pem, "CertificateChain": lineage.intermediate.pem})

    assert accept(secret_text(lineage), rules=RULES, now=NOW, served=served).der == served.der
    served.check(rules=RULES, now=NOW)
    with pytest.raises(CertificateRefused, match="expired on"):
        served.check(rules=RULES, now=NOW + timedelta(days=2))


def test_refuses_an_algorithm_that_a_target_does_not_take() -> None:
    rules = replace(RULES, key_algorithms=("RSA_2048",))

    with pytest.raises(
        CertificateRefused, match=r"the key of certificate \(CN=.*\) must be RSA_2048, got EC_prime256v1"
    ):
        accept(secret_text(Lineage.of()), rules=rules, now=NOW)


def test_reads_what_acm_answers_with() -> None:
    lineage = Lineage.of()

    served = Served.of({"Certificate": lineage.leaf.pem, "CertificateChain": lineage.intermediate.pem})

    assert served.der == accept(secret_text(lineage), rules=RULES, now=NOW).der
    assert Served.of({"Certificate": lineage.leaf.pem}).der == served.der[:1]


def anchored(*anchors: Made) -> Rules:
    variables = {"SECRET_ARN": SECRET_ARN, "DOMAIN_NAMES": ",".join(NAMES)}
    return Rules.of(Settings.of(variables), anchors_pem="".join(each.pem for each in anchors))


def test_takes_what_leads_to_a_trust_anchor() -> None:
    lineage, other = Lineage.of(), Lineage.of("P-384")

    assert accept(secret_text(lineage), rules=anchored(other.root, lineage.root), now=NOW).der
    with pytest.raises(CertificateRefused) as refused:
        accept(secret_text(other), rules=anchored(lineage.root), now=NOW)
    assert str(refused.value) == (
        "certificate_chain[1] (CN=Intermediate) must be signed by a trust anchor (CN=Root), got CN=Root"
    )


def test_takes_what_a_trust_anchor_signed_itself_without_a_chain() -> None:
    lineage = Lineage.of()
    value = secret_text(lineage, certificate_chain="")

    assert accept(value, rules=anchored(lineage.intermediate), now=NOW).chain == b""


def test_takes_a_trust_anchor_itself() -> None:
    alone = made(Template.leaf(*NAMES))
    value = json.dumps({"certificate": alone.pem, "private_key": alone.key_pem()})

    assert accept(value, rules=anchored(alone), now=NOW).certificate.decode() == alone.pem


def test_refuses_a_trust_anchor_that_expired() -> None:
    old = made(Template.authority("Root", key="P-256/old", not_after=NOW - timedelta(days=1)))
    lineage = Lineage.of().with_leaf(by=made(Template.authority("Below", key="P-256/below"), by=old))

    with pytest.raises(CertificateRefused, match=r"trust_anchors\[1\] \(CN=Root\) must be valid now"):
        accept(secret_text(lineage), rules=anchored(old), now=NOW)


@pytest.mark.parametrize("held", ["", "no certificate"])
def test_refuses_a_file_of_trust_anchors_that_holds_none(held: str) -> None:
    variables = {"SECRET_ARN": SECRET_ARN, "DOMAIN_NAMES": ",".join(NAMES)}

    with pytest.raises(Misconfigured, match="trust_anchors must hold"):
        Rules.of(Settings.of(variables), anchors_pem=held)


def test_says_that_acm_answers_with_something_else() -> None:
    with pytest.raises(Unavailable, match="ACM must answer with certificates"):
        Served.of({"Certificate": "pending"})


@given(st.binary(min_size=1, max_size=3), st.integers(min_value=0), st.sampled_from(["leaf", "intermediate"]))
@settings(max_examples=150, deadline=None)
def test_whatever_is_damaged_is_refused_in_words(junk: bytes, place: int, which: str) -> None:
    lineage = Lineage.of()
    der = bytearray(getattr(lineage, which).certificate.public_bytes(Encoding.DER))
    place %= len(der) - len(junk)
    before = bytes(der)
    der[place : place + len(junk)] = junk
    body = base64.encodebytes(der).decode()
    damaged = f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"
    field = {"leaf": "certificate", "intermediate": "certificate_chain"}[which]
    value = secret_text(lineage, key=lineage.leaf, **{field: damaged})

    if which == "leaf" and bytes(der) != before:
        with pytest.raises(CertificateRefused, match=" must "):
            accept(value, rules=RULES, now=NOW)
    else:
        # Without a trust anchor nobody vouches for what the last certificate of a chain says of itself.
        with contextlib.suppress(CertificateRefused):
            assert accept(value, rules=RULES, now=NOW).certificate.decode() == lineage.leaf.pem


@given(
    st.dictionaries(
        st.sampled_from(["certificate", "private_key", "certificate_chain", "passphrase"]),
        st.text(st.characters(), max_size=20) | st.sampled_from(["-----BEGIN CERTIFICATE-----", "\ud800"]),
    )
)
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_a_field_is_refused_in_words(changed: dict[str, str]) -> None:
    lineage = Lineage.of()
    if not set(changed) & {"certificate", "private_key", "certificate_chain"}:
        locked = lineage.leaf.key_pem(passphrase="open it")
        changed = {"passphrase": "\ud800", "private_key": locked, **changed}

    with pytest.raises(CertificateRefused, match=" must "):
        accept(secret_text(lineage, key=lineage.leaf, **changed), rules=RULES, now=NOW)
