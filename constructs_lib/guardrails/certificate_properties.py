"""Rules about a certificate's own properties: its key, how its names are validated, and whether it is logged.

What only the deployment knows is no finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.served_certificates import NATIVE, REQUESTED
from constructs_lib.guardrails.template_values import Located

_WEAK = frozenset({"RSA_1024"})
_BY_MAIL = "EMAIL"


@dataclass(frozen=True)
class WrongProperty:
    """A property of a certificate that it should not have.

    Attributes:
        place: The certificate.
        what: What is wrong, as it follows the certificate's name.
        remedy: What to do.
    """

    place: Located
    what: str
    remedy: str


def weak_keys(references: References) -> Iterator[WrongProperty]:
    """Yield certificates with a key that no browser takes: ACM issues none of 1024 bits.

    https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html

    Args:
        references: Of the app.
    """
    for place, properties in _requested(references):
        algorithm = references.text(place.template, properties.get("KeyAlgorithm", ""))
        if algorithm in _WEAK:
            remedy = "set EC_prime256v1, or RSA_2048 for what takes no elliptic curves"
            yield WrongProperty(place, f"asks for a key of {algorithm}, which is too short", remedy)


def opted_out(references: References) -> Iterator[WrongProperty]:
    """Yield certificates that shall stay out of the transparency logs, in vain: since June 2026 ACM logs all of them.

    Whoever wrote that believes that the names are known to nobody.
    https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateOptions.html

    Args:
        references: Of the app.
    """
    for place, properties in _requested(references):
        preference = references.text(place.template, properties.get("CertificateTransparencyLoggingPreference", ""))
        if preference == "DISABLED" and "CertificateAuthorityArn" not in properties:
            remedy = "leave CertificateTransparencyLoggingPreference out, and hide names behind a wildcard"
            yield WrongProperty(
                place, "opts out of certificate transparency logging, which ACM does all the same", remedy
            )


def validated_by_mail(references: References) -> Iterator[WrongProperty]:
    """Yield certificates whose names are validated by e-mail, which ACM does where nothing is said.

    Somebody has to answer a mail for each renewal; who misses it has an expired certificate.
    https://docs.aws.amazon.com/acm/latest/userguide/email-validation.html

    Args:
        references: Of the app.
    """
    for place, properties in _requested(references):
        told = references.text(place.template, properties.get("ValidationMethod", _BY_MAIL))
        if told == _BY_MAIL and "CertificateAuthorityArn" not in properties:
            how = "" if "ValidationMethod" in properties else ", since it says no ValidationMethod"
            remedy = "validate by DNS: ManagedCertificate(..., validation=dns_validation(zone))"
            yield WrongProperty(place, f"is validated by e-mail{how}, so somebody must answer for each renewal", remedy)


def _requested(references: References) -> Iterator[tuple[Located, Mapping[str, Any]]]:
    for place, resource in references.templates.resources(NATIVE, REQUESTED):
        properties: Mapping[str, Any] = resource.get("Properties", {})
        if resource["Type"] == REQUESTED:  # its function knows no other way than DNS
            properties = {"ValidationMethod": "DNS", **properties}
        yield place, properties
