"""How does a load balancer serve a certificate that renews itself, and nothing without TLS?"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53

from constructs_lib import HttpsListener, ManagedCertificate, Target, dns_validation

NAME = "shop.example.com"


def define(app: cdk.App) -> None:
    """Define a certificate that CloudFormation validates in the zone, and the listener that serves it.

    Port 80 only redirects. `docs/certificate-watch.md` shows who is told before the certificate could expire.
    """
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111122223333", region="eu-central-1"))
    zone = route53.PublicHostedZone.from_public_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    certificate = ManagedCertificate(
        stack,
        "Certificate",
        domain_name=NAME,
        validation=dns_validation(zone),
        targets=[Target.APPLICATION_LOAD_BALANCER],
    )
    HttpsListener(
        stack,
        "Https",
        load_balancer=elbv2.ApplicationLoadBalancer(
            stack, "Balancer", vpc=ec2.Vpc(stack, "Network"), internet_facing=True
        ),
        certificates=[certificate],
        domain_names=[NAME],
        open_to=[ec2.Peer.any_ipv4()],
        default_action=elbv2.ListenerAction.fixed_response(404),  # each service adds a rule of its own
        hosted_zone=zone,
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
