"""Whether the certificates lead from the server's to a root, in order, each signed by the next.

Our own checks go first, because they can say which certificate is wrong and what to do. The last word has the path
validation of `cryptography`, with its demands on extensions set aside that hold for public authorities only: private
ones often leave key identifiers out. It adds name constraints and extensions that are critical and unknown.
https://cryptography.io/en/latest/x509/verification/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from certificate_care.certificate_facts import Placed, check_authority, check_dates, check_signature, spoken
from certificate_care.errors import CertificateRefused


@dataclass(frozen=True, slots=True)
class Path:
    """A server's certificate and those that lead from it to a root.

    Attributes:
        leaf: The server's.
        chain: Those that signed, in order.
    """

    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def placed(self) -> tuple[Placed, ...]:
        """All of them, with where they stand."""
        further = (Placed(each, f"certificate_chain[{number}]") for number, each in enumerate(self.chain, start=1))
        return (Placed(self.leaf, "certificate"), *further)

    def check(self, *, anchors: Sequence[x509.Certificate], now: datetime, least_left: timedelta) -> None:
        """Check order, completeness, dates, signatures and what authorities must say.

        Args:
            anchors: Roots, one of which it must lead to; empty if any will do.
            now: The time.
            least_left: How long each certificate must still be valid.

        Raises:
            CertificateRefused: If something is wrong; it says what and where.
        """
        placed = self.placed
        leaf, last = placed[0], placed[-1]
        _check_no_duplicates(placed)
        for each in placed:
            if each is leaf or each is not last or not _is_self_issued(each.certificate):
                check_signature(each)  # on what a root says of itself nobody relies
        for lower, upper in pairwise(placed):
            _check_signed(lower, upper, among=placed)
        _check_end(self, anchors, now=now)
        for each in placed:
            check_dates(each, now=now, least_left=least_left)
        for below, each in enumerate(placed[1:]):
            check_authority(each, below=below)

    def verify(self, names: Iterable[str], *, anchors: Sequence[x509.Certificate], now: datetime) -> None:
        """Validate the path as a client does, for every name.

        Args:
            names: In lower case; in place of a wildcard some name that it covers is tried.
            anchors: Roots that a client trusts; if there are none, the last of the chain.
            now: The time.

        Raises:
            CertificateRefused: If a client would refuse it.
        """
        roots = list(anchors) or [self.placed[-1].certificate]
        builder = (
            PolicyBuilder().time(now).store(Store(roots)).max_chain_depth(len(self.chain) + 1)
            .extension_policies(
                ca_policy=ExtensionPolicy.permit_all().require_present(
                    x509.BasicConstraints, Criticality.AGNOSTIC, None
                ),
                ee_policy=ExtensionPolicy.permit_all().require_present(
                    x509.SubjectAlternativeName, Criticality.AGNOSTIC, None
                ),
            )
        )  # fmt: skip
        for name in names:
            tried = f"any{name[1:]}" if name.startswith("*.") else name
            try:
                builder.build_server_verifier(x509.DNSName(tried)).verify(self.leaf, list(self.chain))
            except VerificationError as error:
                said = "".join(each if each.isprintable() else "?" for each in str(error))
                raise CertificateRefused(
                    f"certificate must verify for {tried} as a client does, got: {said}"
                ) from error


def _check_no_duplicates(placed: Sequence[Placed]) -> None:
    seen: dict[x509.Certificate, Placed] = {}
    for each in placed:
        first = seen.setdefault(each.certificate, each)
        if first is not each:
            what = "the certificate itself" if first.place == "certificate" else f"{first.place} again"
            raise CertificateRefused(f"{each.called} must be an authority that comes once, got {what}: take it out")


def _check_signed(lower: Placed, upper: Placed, *, among: Sequence[Placed]) -> None:
    if _signed(lower.certificate, upper.certificate):
        return
    issuer = spoken(lower.certificate.issuer)
    right = next((each for each in among if each is not lower and _signed(lower.certificate, each.certificate)), None)
    if right is not None:
        raise CertificateRefused(
            f"certificate_chain must be in order, each one signed by the next, got {upper.called} after "
            f"{lower.called}, which {right.place} signed"
        )
    if _is_self_issued(lower.certificate):
        raise CertificateRefused(f"{lower.called} must be the last, since it is a root, got {upper.called} after it")
    if lower.certificate.issuer == upper.certificate.subject:
        raise CertificateRefused(f"{lower.called} must be signed by {upper.called}, got another signature")
    raise CertificateRefused(
        f"certificate_chain must be complete, got no certificate of {issuer} after {lower.called}: add it there"
    )


def _check_end(path: Path, anchors: Sequence[x509.Certificate], *, now: datetime) -> None:
    if anchors:
        _check_anchored(path, anchors, now=now)
        return
    if path.chain:
        return
    called, issuer = path.placed[0].called, spoken(path.leaf.issuer)
    if _is_self_issued(path.leaf):
        raise CertificateRefused(f"{called} must be signed by an authority or be a trust anchor, got a self-signed one")
    raise CertificateRefused(f"certificate_chain must lead from {called} to a root, got none: add {issuer}")


def _check_anchored(path: Path, anchors: Sequence[x509.Certificate], *, now: datetime) -> None:
    ends = [each.certificate for each in path.placed]
    vouching = [each for each in anchors if any(end == each or _signed(end, each) for end in ends)]
    if not vouching:
        last = path.placed[-1]
        trusted = ", ".join(spoken(each.subject) for each in anchors)
        raise CertificateRefused(
            f"{last.called} must be signed by a trust anchor ({trusted}), got {spoken(last.certificate.issuer)}"
        )
    latest = max(vouching, key=lambda each: each.not_valid_after_utc)
    check_dates(Placed(latest, f"trust_anchors[{anchors.index(latest) + 1}]"), now=now, least_left=timedelta())


def _signed(lower: x509.Certificate, upper: x509.Certificate) -> bool:
    try:
        lower.verify_directly_issued_by(upper)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        # ValueError as well for a hash that the library does not know any more; which one is said elsewhere.
        return False
    return True


def _is_self_issued(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject
