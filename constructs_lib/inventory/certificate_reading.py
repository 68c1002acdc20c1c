"""What the resource of a certificate says: names, key, validation, renewal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.names_in_texts import name_of
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.served_certificates import IMPORTED, REQUESTED
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.inventory.listed_certificate import Origin

_BY_MAIL = "EMAIL"
_UNSAID_ALGORITHM = "RSA_2048"  # https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
_ENABLED = "ENABLED"
# https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
_BY_ACM = "by ACM, while its validation records stand and something serves it"
_BY_ANSWER = "by whoever answers ACM's e-mail, each time"
_FROM_AUTHORITY = "by ACM from its private authority, while something serves it or it was exported"
_SUPPLIED = "by whoever puts a new one into the secret; a function checks and imports it into the same ARN"


@dataclass(frozen=True)
class CertificateReading:
    """What is told of a certificate by its own resource.

    Attributes:
        origin: Where it comes from.
        domain_names: Its names.
        key_algorithm: Of its key.
        validation: How its names are validated.
        renewal: Who renews it.
        is_exportable: Whether ACM gives out its private key.
        secret: The value that names the secret that it is imported from, and its template; None if it is not.
        tags: Its tags.
    """

    origin: Origin
    domain_names: tuple[str, ...]
    key_algorithm: str
    validation: str
    renewal: str
    is_exportable: bool
    secret: tuple[str, Any] | None
    tags: Mapping[str, str]


def read_certificate(references: References, place: Located) -> CertificateReading:
    """Read the resource of a certificate.

    Args:
        references: Of the app.
        place: The certificate.
    """
    resource = references.templates.resource(place)
    if resource["Type"] == IMPORTED:
        return _imported(references, place, resource.get("Properties", {}))
    return _requested(references, place, resource)


def _imported(references: References, place: Located, properties: Mapping[str, Any]) -> CertificateReading:
    checks = properties.get("Checks", {})
    said = {name: references.text(place.template, checks.get(name, "")) for name in ("DOMAIN_NAMES", "KEY_ALGORITHMS")}
    return CertificateReading(
        origin=Origin.IMPORTED,
        domain_names=_split(said["DOMAIN_NAMES"]),
        key_algorithm=" or ".join(_split(said["KEY_ALGORITHMS"])) or "any that ACM takes",
        validation="by the authority that issued it",
        renewal=_SUPPLIED,
        is_exportable=False,
        secret=(place.template, checks.get("SECRET_ARN")),
        tags=_tags(references, place, properties),
    )


def _requested(references: References, place: Located, resource: Mapping[str, Any]) -> CertificateReading:
    properties = resource.get("Properties", {})
    text = _Text(references, place, properties)
    is_private = "CertificateAuthorityArn" in properties
    by_mail = resource["Type"] != REQUESTED and not is_private and text("ValidationMethod", _BY_MAIL) == _BY_MAIL
    names = [properties.get("DomainName"), *as_list(properties.get("SubjectAlternativeNames"))]
    # Where the native resource says `CertificateExport`, our function is told `Export`.
    export = text("CertificateExport", text("Export", ""))
    return CertificateReading(
        origin=Origin.PRIVATE if is_private else Origin.REQUESTED,
        domain_names=tuple(dict.fromkeys(references.text(place.template, name) for name in names)),
        key_algorithm=text("KeyAlgorithm", _UNSAID_ALGORITHM),
        validation="not at all: a private authority issues it" if is_private else _validation(text, by_mail=by_mail),
        renewal=_FROM_AUTHORITY if is_private else _BY_ANSWER if by_mail else _BY_ACM,
        is_exportable=is_private or export == _ENABLED,
        secret=None,
        tags=_tags(references, place, properties),
    )


@dataclass(frozen=True)
class _Text:
    references: References
    place: Located
    properties: Mapping[str, Any]

    def __call__(self, name: str, unsaid: str) -> str:
        """Return a property as text."""
        return self.references.text(self.place.template, self.properties.get(name, unsaid))


def _validation(text: _Text, *, by_mail: bool) -> str:
    if by_mail:
        return "by e-mail"
    zones: dict[str, None] = {}
    for option in as_list(text.properties.get("DomainValidationOptions")):
        if "HostedZoneId" in option:
            zones[_zone(text, option["HostedZoneId"])] = None
    for zone in as_list(text.properties.get("Zones")):
        role = zone.get("RoleArn")
        through = f" through {text.references.text(text.place.template, role)}" if role else ""
        zones[f"{_zone(text, zone['HostedZoneId'])}{through}"] = None
    return f"by DNS records in {' and '.join(zones)}" if zones else "by DNS records that somebody puts by hand"


def _zone(text: _Text, value: object) -> str:
    references, path = text.references, text.place.template
    for meant in references.meant_by(path, value):
        name = references.text(meant.template, references.templates.properties(meant).get("Name", "")).rstrip(".")
        return f"{name} ({name_of(references.templates, meant)})"
    return f"hosted zone {references.text(path, value)}"


def _tags(references: References, place: Located, properties: Mapping[str, Any]) -> Mapping[str, str]:
    tags = [each for each in as_list(properties.get("Tags")) if isinstance(each, Mapping)]
    return {str(each.get("Key")): references.text(place.template, each.get("Value")) for each in tags}


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))
