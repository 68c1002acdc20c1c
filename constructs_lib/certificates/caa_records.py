"""CAA records: which authorities may issue certificates for a name."""

from collections.abc import Sequence
from enum import Enum

from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.certificates.validation_plan import validated_names
from constructs_lib.certificates.validation_zones import ReadZone
from constructs_lib.wiring.domain_names import WILDCARD

AMAZON_AUTHORITIES = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
"""Any of them lets ACM issue: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html"""

_SECONDS_TO_LIVE = "300"


class CaaRecords(Enum):
    """Which CAA records are written at the names of a certificate."""

    NONE = "none: those that stand there, or above, decide"
    AMAZON = "only Amazon's authorities may issue"


def caa_values(name: str, domain_names: Sequence[str]) -> list[str]:
    """Return the values of the CAA record at a name.

    A certificate for the name itself needs `issue`, one for its wildcard `issuewild`. What the certificate does not
    need is not said, so that it stays free.
    https://www.rfc-editor.org/rfc/rfc8659#section-4

    Args:
        name: Without a wildcard.
        domain_names: Of the certificate.

    Examples:
        >>> caa_values("example.com", ["*.example.com"])[0]
        '0 issuewild "amazon.com"'
    """
    tags = [tag for tag, needed in (("issue", name), ("issuewild", f"{WILDCARD}{name}")) if needed in domain_names]
    return [f'0 {tag} "{authority}"' for tag in tags for authority in AMAZON_AUTHORITIES]


def write_caa_records(
    scope: Construct, zones: Sequence[ReadZone], domain_names: Sequence[str]
) -> list[route53.CfnRecordSet]:
    """Define the records, at exactly the names of a certificate.

    A name that has a CNAME record cannot have another one, and a name that has CAA records already is somebody's: both
    fail the deployment.

    Args:
        scope: The construct that owns them.
        zones: Zones of this account.
        domain_names: Of the certificate.
    """
    zone_of = {name: zone for zone in zones for name in zone.domain_names}
    return [
        route53.CfnRecordSet(
            scope,
            f"Caa-{name}",
            hosted_zone_id=zone_of[name].hosted_zone_id,
            name=f"{name}.",
            type="CAA",
            ttl=_SECONDS_TO_LIVE,
            resource_records=caa_values(name, domain_names),
        )
        for name in validated_names(domain_names)
    ]
