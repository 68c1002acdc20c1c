"""A certificate that a function requests: by records in zones of other accounts, or in a DNS outside."""

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from constructs_lib.certificates.new_zones import announce_new_zones
from constructs_lib.certificates.own_tag import TAG, own_tag_value
from constructs_lib.certificates.requesting_function import RequestingFunction
from constructs_lib.certificates.validation_plan import validated_names
from constructs_lib.certificates.wanted_certificate import WantedCertificate
from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from constructs_lib.certificates.validation_zones import ReadZone
    from constructs_lib.functions.function_settings import ReadFunctionSettings

TYPE = "Custom::RequestedCertificate"
VALIDATION_RECORD = "ValidationRecord"
"""How the attributes begin that say a validation record; a number follows, from 1."""

ANSWER_TAKES = cdk.Duration.seconds(60)
"""How long CloudFormation waits beyond a function, so that it reads the function's own answer."""

_OF_A_RECORD = 150
_MOST_TOLD = 3_000


def check_records_fit(wanted: WantedCertificate) -> None:
    """Refuse more names than the answer of a custom resource, of 4 KB, can tell validation records of.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html

    Args:
        wanted: The certificate.

    Raises:
        ConfigurationError: If there are more.
    """
    told = sum(len(name) + _OF_A_RECORD for name in validated_names(wanted.domain_names))
    if told > _MOST_TOLD:
        raise ConfigurationError(
            f"alternative_names must be so few and short that the stack can tell their validation records, at most "
            f"{_MOST_TOLD} characters with {_OF_A_RECORD} for each record, got {told}: use several certificates"
        )


def request_certificate(
    scope: "Construct",
    wanted: WantedCertificate,
    zones: "Sequence[ReadZone]",
    *,
    operations_key: "kms.IKey",
    settings: "ReadFunctionSettings",
) -> tuple[cdk.CfnResource, RequestingFunction]:
    """Define a certificate, and the function that requests it.

    Args:
        scope: The construct that owns them.
        wanted: The certificate.
        zones: Where its validation records are written; none if somebody else does that.
        operations_key: The key of the function's log.
        settings: How the function runs.
    """
    announce_new_zones(scope, zones)
    tag_value = own_tag_value(scope)
    requesting = RequestingFunction(
        scope,
        "Request",
        wanted=wanted,
        zones=zones,
        tag_value=tag_value,
        operations_key=operations_key,
        settings=settings,
    )
    certificate = cdk.CfnResource(
        scope,
        "Resource",
        type=TYPE,
        # As `certificate_care.request_properties` reads them.
        properties={
            "ServiceToken": requesting.function.function_arn,
            "ServiceTimeout": requesting.timeout.plus(ANSWER_TAKES).to_seconds(),
            "DomainName": wanted.domain_names[0],
            "SubjectAlternativeNames": wanted.alternative_names,
            "KeyAlgorithm": wanted.key_algorithm.value,
            "Export": wanted.export.value,
            "Tags": [{"Key": TAG, "Value": tag_value}],
            "Zones": [_told(zone) for zone in zones],
        },
    )
    # Also the other way round: the certificate is deleted before the permission to do so.
    certificate.node.add_dependency(*requesting.allowed, requesting.role)
    return certificate, requesting


def tell_records(scope: "Construct", certificate: cdk.CfnResource, wanted: WantedCertificate) -> tuple[str, ...]:
    """Define outputs that say the validation records to put into a DNS outside, and return what they say.

    Args:
        scope: The construct that owns them.
        certificate: What the function answered for.
        wanted: The certificate.
    """
    records: list[str] = []
    for number, name in enumerate(validated_names(wanted.domain_names), start=1):
        record = certificate.get_att(f"{VALIDATION_RECORD}{number}").to_string()
        said = f"Put into the DNS of {name}, and leave it there"
        cdk.CfnOutput(scope, f"{VALIDATION_RECORD}{number}", value=record, description=said)
        records.append(record)
    return tuple(records)


def _told(zone: "ReadZone") -> dict[str, Any]:
    told: dict[str, Any] = {"HostedZoneId": zone.hosted_zone_id, "DomainNames": list(zone.domain_names)}
    if zone.delegated is not None:
        told["RoleArn"] = zone.delegated.role_arn
        if zone.delegated.external_id is not None:
            told["ExternalId"] = zone.delegated.external_id
    return told
