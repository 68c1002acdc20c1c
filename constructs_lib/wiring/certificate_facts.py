"""What a certificate of this library says of itself, for those that serve it, watch it or list it."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_


class KeyAlgorithm(Enum):
    """The algorithm of a certificate's key pair, by ACM's name. RSA with 1024 bits is none of them.

    ACM issues RSA 2048, P-256 and P-384; it takes the others where a certificate is imported.
    https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
    """

    RSA_2048 = "RSA_2048"
    RSA_3072 = "RSA_3072"
    RSA_4096 = "RSA_4096"
    ECDSA_P256 = "EC_prime256v1"
    ECDSA_P384 = "EC_secp384r1"
    ECDSA_P521 = "EC_secp521r1"


class Renewal(Enum):
    """Who sees to it that a certificate does not expire."""

    BY_ACM = "ACM renews it while its validation records stand and something serves it"
    BY_HAND = "somebody answers ACM's e-mail each time"
    FROM_SECRET = "imported again when its secret changes"  # noqa: S105  # words, and no secret


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """What is known of a certificate when templates are made.

    Attributes:
        domain_names: In lower case, as in DNS; the first is the subject's name.
        key_algorithm: Of its key pair; None if the owner of an imported one decides.
        renewal: Who renews it.
        region: Where it is; None if that is decided at deployment.
        importer: The function that imports it, if one does.
    """

    domain_names: tuple[str, ...]
    key_algorithm: KeyAlgorithm | None
    renewal: Renewal
    region: str | None
    importer: "lambda_.IFunction | None" = None


@runtime_checkable
class TellsCertificate(Protocol):
    """A certificate of this library."""

    @property
    def certificate_facts(self) -> CertificateFacts:
        """What it says of itself."""
