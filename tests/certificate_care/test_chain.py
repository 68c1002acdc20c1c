from collections.abc import Sequence
from datetime import timedelta

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from certificate_care.chain import Path
from certificate_care.errors import CertificateRefused
from tests.support.made_certificates import NAMES, NOW, Lineage, Made, Template, made

ROOT = made(Template.authority("Root", key="P-256/a root"))
FIRST = made(Template.authority("First", key="P-256/first"), by=ROOT)
SECOND = made(Template.authority("Second", key="P-256/second"), by=FIRST)
LEAF = made(Template.leaf(*NAMES), by=SECOND)
STRANGER = made(Template.authority("Stranger", key="P-256/stranger"))


def check(chain: Sequence[Made], *, anchors: Sequence[Made] = (), leaf: Made = LEAF) -> None:
    path = Path(leaf.certificate, tuple(each.certificate for each in chain))
    trusted = [each.certificate for each in anchors]
    path.check(anchors=trusted, now=NOW, least_left=timedelta())
    path.verify(NAMES, anchors=trusted, now=NOW)


@pytest.mark.parametrize("chain", [[SECOND], [SECOND, FIRST], [SECOND, FIRST, ROOT]], ids=len)
def test_takes_a_chain_up_to_any_height_where_no_anchor_is_told(chain: list[Made]) -> None:
    check(chain)


@pytest.mark.parametrize("chain", [[SECOND, FIRST], [SECOND, FIRST, ROOT]], ids=len)
def test_takes_a_chain_that_reaches_its_anchor(chain: list[Made]) -> None:
    check(chain, anchors=[STRANGER, ROOT])


@pytest.mark.parametrize("anchor", [FIRST, SECOND], ids=["first", "second"])
def test_takes_an_anchor_below_the_root(anchor: Made) -> None:
    check([SECOND, FIRST, ROOT], anchors=[anchor])


def test_refuses_a_chain_that_stops_below_what_its_anchor_signed() -> None:
    with pytest.raises(CertificateRefused) as refused:
        check([SECOND], anchors=[ROOT, STRANGER])

    assert str(refused.value) == (
        "certificate_chain[1] (CN=Second) must be signed by a trust anchor (CN=Root, CN=Stranger), got CN=First"
    )


@given(st.lists(st.sampled_from([SECOND, FIRST, ROOT, STRANGER, LEAF]), max_size=5))
@settings(max_examples=100, deadline=None)
def test_takes_no_other_chain_than_the_three_right_ones(chain: list[Made]) -> None:
    if chain in ([SECOND], [SECOND, FIRST], [SECOND, FIRST, ROOT]):
        check(chain)
    else:
        with pytest.raises(CertificateRefused, match=r"^certificate"):
            check(chain)


def test_counts_authorities_that_were_issued_anew_as_any_other() -> None:
    narrow = made(Template.authority("Narrow", key="P-256/narrow", path_length=0), by=ROOT)
    below = made(Template.authority("Below", key="P-256/below"), by=narrow)

    with pytest.raises(
        CertificateRefused, match=r"certificate_chain\[2\] \(CN=Narrow\) must allow 1 authorities below it"
    ):
        check([below, narrow], leaf=made(Template.leaf(*NAMES), by=below))


@pytest.mark.parametrize("permitted", [True, False], ids=["permitted", "excluded"])
def test_name_constraints_bind(*, permitted: bool) -> None:
    subtree = [x509.DNSName("shop.example.com")]
    constraints = x509.NameConstraints(subtree if permitted else None, None if permitted else subtree)
    authority = made(Template.authority("Narrow", key="P-256/n", further=[(constraints, True)]), by=ROOT)
    leaf = made(Template.leaf(*NAMES), by=authority)

    if permitted:
        check([authority], leaf=leaf)
    else:
        with pytest.raises(CertificateRefused, match=r"must verify for shop.example.com as a client does"):
            check([authority], leaf=leaf)


def test_verifies_with_a_name_in_place_of_the_wildcard() -> None:
    path = Path(LEAF.certificate, (SECOND.certificate,))

    path.verify(["*.shop.example.com"], anchors=[], now=NOW)
    with pytest.raises(CertificateRefused, match=r"must verify for any\.other\.example\.com as a client does"):
        path.verify(["*.other.example.com"], anchors=[], now=NOW)


def test_says_where_each_certificate_stands() -> None:
    placed = Path(LEAF.certificate, (SECOND.certificate, FIRST.certificate)).placed

    assert [each.place for each in placed] == ["certificate", "certificate_chain[1]", "certificate_chain[2]"]


def test_takes_a_lineage_of_rsa_as_well() -> None:
    lineage = Lineage.of("RSA-2048")

    check([lineage.intermediate, lineage.root], anchors=[lineage.root], leaf=lineage.leaf)
