"""Route 53: keys that sign a hosted zone (DNSSEC)."""

from constructs_lib.actions import CREATE_GRANT, DESCRIBE, PUBLIC_KEY, SIGN
from constructs_lib.granted_statements import FOR_AWS_RESOURCES
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.resource_names import HOSTED_ZONE, checked_account
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    SOURCE_ARN,
    Allowance,
    ServiceUse,
    both,
    from_account,
)

_SERVICE = "dnssec-route53.amazonaws.com"
_PAGE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html"


def sign_zone(*, hosted_zone_id: str, account: str = ACCOUNT) -> ServiceUse:
    """Let Route 53 sign one hosted zone. The key signs with ECC_NIST_P256 and is in us-east-1.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/access-control-managing-permissions.html

    Whoever creates the key-signing key is given nothing. CloudFormation's handlers declare the same four actions for
    him, but AWS's pages ask them of the key policy for Route 53 alone, and none names the service through which a
    creator would call: without that condition the deployer could sign whatever he likes. Should AWS refuse the creation
    in his name (`InvalidKMSArn`), `signers=` of the key is who may sign.

    Args:
        hosted_zone_id: Id of the hosted zone.
        account: Account of the hosted zone.

    Raises:
        ConfigurationError: If the id or the account is none.
    """
    zone = f"arn:{PARTITION}:route53:::hostedzone/{HOSTED_ZONE.check('hosted_zone_id', hosted_zone_id)}"
    of_zone: Conditions = {"ArnEquals": {SOURCE_ARN: (zone,)}}
    for_zone = both(from_account(checked_account("account", account)), of_zone)
    digest = short_digest(for_zone)
    return ServiceUse(
        title="Route 53: DNSSEC signing of a hosted zone",
        page=_PAGE,
        running=(
            Allowance(
                sid=f"DnssecSigns{digest}",
                service=_SERVICE,
                actions=(DESCRIBE, PUBLIC_KEY, *SIGN),
                conditions=for_zone,
            ),
            Allowance(
                sid=f"DnssecGrants{digest}",
                service=_SERVICE,
                actions=(CREATE_GRANT,),
                conditions=both(for_zone, FOR_AWS_RESOURCES),
            ),
        ),
        key_spec="ECC_NIST_P256",
        key_region="us-east-1",
    )
