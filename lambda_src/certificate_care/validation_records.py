"""The CNAME records by which ACM sees that a name is under control.

A name and its wildcard share one record, which is the same for all certificates that an account requests for it; ACM
needs it again at each renewal, so that it is never deleted with a certificate.
https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from certificate_care.errors import Unavailable

WILDCARD: Final = "*."


@dataclass(frozen=True, slots=True)
class ValidationRecord:
    """A record that has to stand in public DNS.

    Attributes:
        domain_name: The name that it validates, without a leading `*.`.
        name: Where it stands, without the dot at the end.
        value: What it points to, without the dot at the end.
    """

    domain_name: str
    name: str
    value: str

    def __str__(self) -> str:
        """Return it as a zone file has it."""
        return f"{self.name}. CNAME {self.value}."

    def is_met_by(self, value: str) -> bool:
        """Say whether ACM takes what stands there: it takes the value without its first underscore as well.

        https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-DNS-validation.html

        Args:
            value: What a CNAME record at this name points to.
        """
        found = without_dot(value)
        return found in {self.value, self.value.removeprefix("_")}


def records_of(described: Mapping[str, Any]) -> tuple[ValidationRecord, ...] | None:
    """Read the records of a certificate.

    Args:
        described: What `DescribeCertificate` answers with.

    Returns:
        One for each name and its wildcard, in ACM's order; None if ACM does not know all of them yet, which takes it
        some seconds after a request.

    Raises:
        Unavailable: If ACM wants something else than a CNAME record.
    """
    options: Sequence[Mapping[str, Any]] = described.get("DomainValidationOptions", [])
    found: dict[str, ValidationRecord] = {}
    for option in options:
        record = option.get("ResourceRecord")
        if record is None:
            return None
        if record["Type"] != "CNAME":
            raise Unavailable(f"a validation record must be a CNAME record, got {record['Type']}")
        domain_name = without_wildcard(str(option["DomainName"]))
        found[domain_name] = ValidationRecord(domain_name, without_dot(record["Name"]), without_dot(record["Value"]))
    return tuple(found.values()) or None


def not_validated(described: Mapping[str, Any]) -> tuple[str, ...]:
    """Say for which names, without `*.`, ACM has not found the record yet.

    Args:
        described: What `DescribeCertificate` answers with.
    """
    options: Sequence[Mapping[str, Any]] = described.get("DomainValidationOptions", [])
    pending = [str(each["DomainName"]) for each in options if each.get("ValidationStatus") != "SUCCESS"]
    return tuple(dict.fromkeys(without_wildcard(each) for each in pending))


def without_wildcard(domain_name: str) -> str:
    """Return the name whose record validates a name.

    Args:
        domain_name: The name, maybe with `*.`.

    Examples:
        >>> without_wildcard("*.shop.example.com")
        'shop.example.com'
    """
    return domain_name.removeprefix(WILDCARD).lower()


def without_dot(name: str) -> str:
    """Return a name of DNS in lower case and without the dot at its end.

    Args:
        name: The name.

    Examples:
        >>> without_dot("_X2.example.com.")
        '_x2.example.com'
    """
    return name.lower().removesuffix(".")
