"""ListedCertificate: what an assembly says of one certificate, as data."""

from dataclasses import dataclass, field
from enum import Enum


class Origin(Enum):
    """Where a certificate comes from."""

    REQUESTED = "issued by ACM"
    PRIVATE = "issued by a private authority through ACM"
    IMPORTED = "imported into ACM from a secret"
    ELSEWHERE = "not defined by this app"


class Right(Enum):
    """What somebody may do to a certificate, or to what it is imported from."""

    EXPORT = "export"
    DELETE = "delete"
    REPLACE = "replace"
    READ_KEY = "read it with its key in the secret"
    SUPPLY = "put another into the secret"


@dataclass(frozen=True, order=True)
class CertificateUse:
    """What serves a certificate.

    Attributes:
        path: Its construct path.
        what: What it is.
        domain_names: The names that it answers to, none if its clients choose among the certificate's.
        tls_policies: What it negotiates, as far as it says so or its service documents a default.
        region: Its Region, empty if only the deployment knows.
    """

    path: str
    what: str
    domain_names: tuple[str, ...] = ()
    tls_policies: tuple[str, ...] = ()
    region: str = ""


@dataclass(frozen=True, order=True)
class Permitted:
    """Somebody whom IAM gives a right.

    Attributes:
        who: Whose IAM policy it is: a construct path, or a name in IAM.
        only_if: The conditions that the assembly does not decide.
        after_tags: What he tags it with first, `key=value`, to come under his own policy.
    """

    who: str
    only_if: tuple[str, ...] = ()
    after_tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListedCertificate:
    """A certificate.

    Attributes:
        path: Its construct path, or the ARN of one that the app does not define.
        origin: Where it comes from.
        domain_names: Its names, or those that a supplied one must cover.
        key_algorithm: Of its key, by ACM's name; several, where whoever supplies it chooses among them.
        stack: Its stack.
        account: Its account, empty if only the deployment knows.
        region: Its Region, likewise.
        validation: How its names are validated.
        renewal: Who renews it, and on what that depends.
        days_told: With how many days left alarms of the app ring.
        is_exportable: Whether ACM gives out its private key.
        secret: The secret that it is imported from.
        uses: What serves it.
        permitted: Whom the app's IAM policies give which right.
        deployer: The role with which CloudFormation creates and deletes it, empty if the assembly names none.
    """

    path: str
    origin: Origin
    domain_names: tuple[str, ...] = ()
    key_algorithm: str = ""
    stack: str = ""
    account: str = ""
    region: str = ""
    validation: str = ""
    renewal: str = ""
    days_told: tuple[str, ...] = ()
    is_exportable: bool = False
    secret: str = ""
    uses: tuple[CertificateUse, ...] = ()
    permitted: dict[Right, tuple[Permitted, ...]] = field(default_factory=dict)
    deployer: str = ""
