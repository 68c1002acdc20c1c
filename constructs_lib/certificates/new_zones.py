"""Hosted zones of the same app: what a certificate in one waits for, and what keeps the zone from being deleted."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import IConstruct

    from constructs_lib.certificates.validation_zones import ReadZone

# What ACM's records point to: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
_OF_ACM = "Type=='CNAME' && ResourceRecords[?ends_with(Value, '.acm-validations.aws.')]"
_CHANGES = f"{{Changes: ResourceRecordSets[?{_OF_ACM}].{{Action: 'DELETE', ResourceRecordSet: @}}}}"
REMOVE_RECORDS = (
    f'aws route53 list-resource-record-sets --hosted-zone-id ID --query "{_CHANGES}" > changes.json',
    "aws route53 change-resource-record-sets --hosted-zone-id ID --change-batch file://changes.json",
)
"""Removes the validation records of a zone; then ACM renews no certificate that needed them."""


def announce_new_zones(certificate: "IConstruct", zones: "Sequence[ReadZone]") -> None:
    """Say what must be done by hand with zones that the app makes: to delegate them, and to empty them at the end.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html

    Args:
        certificate: What is validated in them.
        zones: Where its validation records are written.
    """
    made = [zone for zone in zones if zone.made_by_app]
    if not made:
        return
    names = " and ".join(zone.zone_name for zone in made)
    cdk.Annotations.of(certificate).add_info_v2(
        "cdk-key-management:certificate-in-new-zone",
        f"this app makes the hosted zone of {names}: the deployment waits for the certificate until the zone above "
        "names its name servers, so deploy a new zone first and have it delegated; and a zone with validation records, "
        "which nothing removes, cannot be deleted (HostedZoneNotEmpty): remove them then by "
        f"{' and '.join(REMOVE_RECORDS)}",
    )
