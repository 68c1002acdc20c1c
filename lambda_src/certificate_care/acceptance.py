"""Whether what the secret holds may go into service: every check, in the order in which its answer helps most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from certificate_care.accepted_names import check_names, further_names
from certificate_care.certificate_facts import Placed, check_dates, check_server, dns_names, key_algorithm
from certificate_care.certificate_files import Certificates, der_of, pem_of, read_certificate, read_certificates
from certificate_care.chain import Path
from certificate_care.errors import CertificateRefused, Misconfigured, Unavailable
from certificate_care.import_settings import Settings
from certificate_care.private_key import open_key
from certificate_care.replacement import check_replacement
from certificate_care.secret_fields import SecretFields


@dataclass(frozen=True, slots=True)
class Rules:
    """What a certificate must fulfil.

    Attributes:
        domain_names: Names that it must cover.
        key_algorithms: Key algorithms to take, by ACM's names.
        least_days_left: Whole days that it must still be valid, and each of its chain.
        anchors: Roots, one of which it must lead to; empty if any will do.
    """

    domain_names: tuple[str, ...]
    key_algorithms: tuple[str, ...]
    least_days_left: int
    anchors: Certificates = ()

    @classmethod
    def of(cls, settings: Settings, *, anchors_pem: str | None) -> Self:
        """Take the rules from what was decided when the function was deployed.

        Args:
            settings: What was decided.
            anchors_pem: What the file with the trust anchors holds; None if there is none.

        Raises:
            Misconfigured: If that file holds something else.
        """
        try:
            anchors = read_certificates("trust_anchors", anchors_pem or "")
        except CertificateRefused as error:
            raise Misconfigured(str(error)) from error
        if anchors_pem is not None and not anchors:
            raise Misconfigured("trust_anchors must hold one certificate or more, got none")
        return cls(settings.domain_names, settings.key_algorithms, settings.least_days_left, anchors)


@dataclass(frozen=True, slots=True)
class Served:
    """The certificate that is in service.

    Attributes:
        path: Itself and its chain.
    """

    path: Path

    @classmethod
    def of(cls, answer: Mapping[str, str]) -> Self:
        """Read an answer of `GetCertificate`.

        Args:
            answer: `Certificate` and maybe `CertificateChain`.

        Raises:
            Unavailable: If it is something else.
        """
        try:
            leaf = read_certificate(answer["Certificate"])
            chain = read_certificates("CertificateChain", answer.get("CertificateChain", ""))
        except CertificateRefused as error:
            raise Unavailable(f"ACM must answer with certificates: {error}") from error
        return cls(Path(leaf, chain))

    @property
    def der(self) -> tuple[bytes, ...]:
        """What it is the same by."""
        return der_of([self.path.leaf, *self.path.chain])

    @property
    def not_after(self) -> datetime:
        """When it expires."""
        return self.path.leaf.not_valid_after_utc

    def check(self, *, rules: Rules, now: datetime) -> None:
        """Check that it fulfils the rules, whatever the secret holds.

        Args:
            rules: What it must fulfil. How many days it is still valid does not matter.
            now: The time.

        Raises:
            CertificateRefused: If it does not.
        """
        _check(self.path, rules=rules, now=now, least_left=timedelta())


@dataclass(frozen=True, slots=True)
class Accepted:
    """A certificate that may go into service, as ACM takes it.

    Attributes:
        certificate: In PEM.
        chain: In PEM; empty if it has none.
        private_key: In PEM, not encrypted.
        der: The certificate and its chain.
        not_after: When it expires.
        key_algorithm: By ACM's name.
        serial: Its serial number, in hexadecimal digits.
        further_names: What it speaks for beside the names that it must cover.
    """

    certificate: bytes = field(repr=False)
    chain: bytes = field(repr=False)
    private_key: bytes = field(repr=False)
    der: tuple[bytes, ...] = field(repr=False)
    not_after: datetime
    key_algorithm: str
    serial: str
    further_names: tuple[str, ...]


def accept(value: str, *, rules: Rules, now: datetime, served: Served | None = None) -> Accepted:
    """Check what the secret holds.

    Of a certificate that is in service already it is not demanded that it is valid for some days more: there is no
    other, and the alarms on its expiry tell of that. What comes in its place must be such as ACM imports over it.

    Args:
        value: The value of the secret.
        rules: What it must fulfil.
        now: The time.
        served: What is in service; None if nothing is.

    Returns:
        It, ready for ACM.

    Raises:
        CertificateRefused: If it must not go into service; the text says why, and holds nothing secret.
    """
    fields = SecretFields.of(value)
    leaf = read_certificate(fields.certificate)
    path = Path(leaf, read_certificates("certificate_chain", fields.chain))
    private_key = open_key(fields.private_key, fields.passphrase, certificate=leaf)
    der = der_of([leaf, *path.chain])
    left = timedelta(days=0 if served and served.der == der else rules.least_days_left)
    _check(path, rules=rules, now=now, least_left=left)
    if served:
        check_replacement(path.placed[0], served=served.path.leaf)
    return Accepted(
        certificate=pem_of([leaf]),
        chain=pem_of(path.chain),
        private_key=private_key,
        der=der,
        not_after=leaf.not_valid_after_utc,
        key_algorithm=key_algorithm(leaf),
        serial=f"{leaf.serial_number:x}",
        further_names=further_names(dns_names(leaf), told=rules.domain_names),
    )


def _check(path: Path, *, rules: Rules, now: datetime, least_left: timedelta) -> None:
    placed = Placed(path.leaf, "certificate")
    check_server(placed, algorithms=rules.key_algorithms)
    check_dates(placed, now=now, least_left=least_left)
    check_names(dns_names(path.leaf), told=rules.domain_names)
    path.check(anchors=rules.anchors, now=now, least_left=least_left)
    path.verify(rules.domain_names, anchors=rules.anchors, now=now)
