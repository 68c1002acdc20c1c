"""What a watch must know of a certificate, of whatever make: where it is, what it is called, who renews it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import TokenText
from constructs_lib.watching.certificate_events import WatchedCertificate
from constructs_lib.watching.short_address import short_address
from constructs_lib.wiring.certificate_facts import CertificateFacts, Renewal, TellsCertificate
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.places import distance

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html
_ARN = re.compile(r"arn:[^:]+:acm:(?P<region>[^:]+):(?P<account>[^:]+):certificate/.+")


@dataclass(frozen=True, kw_only=True)
class SeenCertificate:
    """A certificate that is watched.

    Attributes:
        certificate: The certificate itself.
        name: How rules and messages call it.
        importer: The function that imports it, if one does.
    """

    certificate: "acm.ICertificate"
    name: WatchedCertificate
    importer: "lambda_.IFunction | None"

    @property
    def label(self) -> str:
        """What tells it from others in the names of constructs, as long as it stays where it is."""
        return short_address(self.certificate)


def read_certificates(scope: "Construct", certificates: "Sequence[acm.ICertificate]") -> list[SeenCertificate]:
    """Read what a watch must know of its certificates.

    Args:
        scope: Where the watch will be.
        certificates: The certificates.

    Raises:
        ConfigurationError: If there are none, if one is no certificate, is given twice, be it by the gate before it, or
            is of another account or Region, where ACM tells what happens to it.
    """
    read = [_read(scope, each) for each in _listed(certificates)]
    if not read:
        raise ConfigurationError("certificates must name what is watched, got nothing")
    _check_different(scope, [each.certificate for each in read])
    return read


def _check_different(scope: "Construct", certificates: "Sequence[acm.ICertificate]") -> None:
    text = TokenText(cdk.Stack.of(scope))
    told = [(each, text.text(each.certificate_arn), _facts(each)) for each in certificates]
    for (one, arn, facts), (other, other_arn, other_facts) in combinations(told, 2):
        # The gate before a certificate has an ARN of its own in the template, but the very facts of the certificate.
        if arn == other_arn or (facts is not None and facts is other_facts):
            raise ConfigurationError(
                f"certificates must name each certificate once, got {one.node.path}, and again {other.node.path}"
            )


def _facts(certificate: "acm.ICertificate") -> CertificateFacts | None:
    return certificate.certificate_facts if isinstance(certificate, TellsCertificate) else None


def _listed(given: object) -> "Sequence[acm.ICertificate]":
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"certificates must be a list of certificates, got {spoken(given)}")
    return given


def _read(scope: "Construct", certificate: "acm.ICertificate") -> SeenCertificate:
    if not (hasattr(certificate, "certificate_arn") and hasattr(certificate, "metric_days_to_expiry")):
        raise ConfigurationError(
            "certificates must be certificates, such as ManagedCertificate(...) or "
            f"acm.Certificate.from_certificate_arn(...), got {spoken(certificate)}"
        )
    names, renewal, region, importer = _known(certificate)
    _check_place(scope, certificate, told=region)
    arn = certificate.certificate_arn
    nameless = certificate.node.path if cdk.Token.is_unresolved(arn) else arn
    called, *further = names or [nameless]
    return SeenCertificate(
        certificate=certificate,
        name=WatchedCertificate(arn=arn, called=called, further_names=tuple(further), renewal=renewal),
        importer=importer,
    )


def _known(
    certificate: "acm.ICertificate",
) -> "tuple[Sequence[str], Renewal | None, str | None, lambda_.IFunction | None]":
    """Return names, who renews it, where it is and what imports it, so far as the certificate says."""
    if isinstance(certificate, TellsCertificate):
        facts = certificate.certificate_facts
        return facts.domain_names, facts.renewal, facts.region, facts.importer
    resource = certificate.node.default_child
    if not isinstance(resource, acm.CfnCertificate):
        return (), None, None, None
    names = [resource.domain_name, *(resource.subject_alternative_names or ())]
    literal = [] if any(map(cdk.Token.is_unresolved, names)) else list(dict.fromkeys(names))
    # Untold, it is validated by e-mail; a private one is not validated at all.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html
    by_acm = resource.certificate_authority_arn is not None or resource.validation_method == "DNS"
    return literal, Renewal.BY_ACM if by_acm else Renewal.BY_HAND, None, None


def _check_place(scope: "Construct", certificate: "acm.ICertificate", *, told: str | None) -> None:
    arn, place = certificate.certificate_arn, certificate.env
    account, region = place.account, told or place.region
    if not cdk.Token.is_unresolved(arn):  # an imported one is of its stack's environment to the CDK, wherever it is
        found = _ARN.fullmatch(arn)
        if found is None:
            raise ConfigurationError(f"certificates must be known by their ARN, got {certificate.node.path}: {arn!r}")
        account, region = found["account"], found["region"]
    apart = distance(cdk.Stack.of(scope), account=account, region=region)
    if apart is not None:
        raise ConfigurationError(
            f"certificates must be of {apart.what} {apart.here}, where the watch stands and hears ACM, got "
            f"{certificate.node.path} of {apart.there}: give it to a watch there"
        )
