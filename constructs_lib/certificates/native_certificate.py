"""A certificate that CloudFormation itself requests: by records in zones of this account, or by e-mail."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm

from constructs_lib.certificates.new_zones import announce_new_zones
from constructs_lib.certificates.own_tag import TAG, own_tag_value
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate
from constructs_lib.wiring.domain_names import WILDCARD, without_wildcard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lib.certificates.validation import EmailValidation
    from constructs_lib.certificates.validation_zones import ReadZone

_BY_EMAIL = "Key-Management::CertificateByEmail"
_Option = acm.CfnCertificate.DomainValidationOptionProperty


def certificate_in_zones(
    scope: "Construct", wanted: WantedCertificate, zones: "Sequence[ReadZone]"
) -> acm.CfnCertificate:
    """Define a certificate whose validation records CloudFormation writes.

    A name and its wildcard have one option, since they have one record.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html

    Args:
        scope: The construct that owns it.
        wanted: The certificate.
        zones: Zones of this account, with what they validate.
    """
    zone_of = {name: zone for zone in zones for name in zone.domain_names}
    options = [
        _Option(domain_name=name, hosted_zone_id=zone_of[without_wildcard(name)].hosted_zone_id)
        for name in wanted.domain_names
        if not (name.startswith(WILDCARD) and without_wildcard(name) in wanted.domain_names)
    ]
    announce_new_zones(scope, zones)
    return _certificate(scope, wanted, method="DNS", options=options)


def certificate_by_email(
    scope: "Construct", wanted: WantedCertificate, validation: "EmailValidation"
) -> acm.CfnCertificate:
    """Define a certificate that somebody validates by answering an e-mail.

    Args:
        scope: The construct that owns it.
        wanted: The certificate.
        validation: Where the e-mails arrive, and why it must be so.
    """
    options = [
        _Option(domain_name=name, validation_domain=validation.mailboxes_at[name])
        for name in wanted.domain_names
        if name in validation.mailboxes_at
    ]
    certificate = _certificate(scope, wanted, method="EMAIL", options=options)
    cdk.Validations.of(certificate).acknowledge(cdk.Acknowledgment(id=_BY_EMAIL, reason=validation.because))
    return certificate


def _certificate(
    scope: "Construct", wanted: WantedCertificate, *, method: str, options: list[_Option]
) -> acm.CfnCertificate:
    return acm.CfnCertificate(
        scope,
        "Resource",
        domain_name=wanted.domain_names[0],
        subject_alternative_names=wanted.alternative_names or None,
        key_algorithm=wanted.key_algorithm.value,
        validation_method=method,
        domain_validation_options=options or None,
        # Untold, it is not exportable; partitions without exportable certificates take no word of it.
        certificate_export=wanted.export.value if wanted.export is Export.ALLOWED else None,
        # It tells functions that the certificate is not theirs. CloudFormation puts it there right after the request.
        tags=[cdk.CfnTag(key=TAG, value=own_tag_value(scope))],
    )
