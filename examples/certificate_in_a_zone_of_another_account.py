"""How is a certificate validated in a zone of another account, whose owners give away no more than that?"""

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53

from constructs_lib import (
    CertificateZoneRole,
    DelegatedZone,
    EncryptionKey,
    ManagedCertificate,
    Requester,
    dns_validation,
)

SHOP, NAMES = "111122223333", "444455556666"
REGION, ZONE_ID, ROLE = "eu-central-1", "Z0123456789ABCDEFGHIJ", "certificates-of-shop"
NAME = "shop.example.com"


def define(app: cdk.App) -> None:
    """Define the role in the account of the zone, and in that of the shop the certificate that uses it.

    Deploy the role first. It knows the role of the shop's function by its name, which does not change as long as the
    stack and the construct keep theirs.
    """
    names, shop = (
        cdk.Stack(app, name, env=cdk.Environment(account=account, region=REGION))
        for name, account in (("Names", NAMES), ("Shop", SHOP))
    )
    certificate = ManagedCertificate(
        shop,
        "Certificate",
        domain_name=NAME,
        validation=dns_validation(
            DelegatedZone(zone_name="example.com", hosted_zone_id=ZONE_ID, role_arn=f"arn:aws:iam::{NAMES}:role/{ROLE}")
        ),
        operations_key=EncryptionKey(shop, "OperationsKey", alias="operations", services=["logs"]),
    )
    # Where the two accounts have apps of their own, this says the same: Requester(account=..., role_name=...).
    requester: Requester = certificate.requester
    CertificateZoneRole(
        names,
        "CertificatesOfShop",
        hosted_zone=route53.PublicHostedZone.from_public_hosted_zone_attributes(
            names, "Zone", hosted_zone_id=ZONE_ID, zone_name="example.com"
        ),
        role_name=ROLE,
        requesters=[requester],
        domain_names=[NAME],
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
