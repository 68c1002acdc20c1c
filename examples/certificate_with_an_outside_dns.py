"""How do I use a certificate whose DNS is not at AWS, where a person puts the validation record?"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from constructs_lib import EncryptionKey, HttpsListener, ManagedCertificate, Target, outside_dns

NAME = "shop.example.com"


def define(app: cdk.App) -> None:
    """Define the certificate in one stack, and what serves it in another.

    1. Deploy `ShopCertificate`. Its output `...ValidationRecord1` says the record.
    2. Whoever keeps the DNS puts the record there, and leaves it there: ACM looks at it for every renewal.
    3. Deploy `Shop`. If ACM has not seen the record yet, that fails, says which is missing, and can be repeated.
    """
    first, second = (
        cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region="eu-central-1"))
        for name in ("ShopCertificate", "Shop")
    )
    certificate = ManagedCertificate(
        first,
        "Certificate",
        domain_name=NAME,
        validation=outside_dns(),
        targets=[Target.APPLICATION_LOAD_BALANCER],
        operations_key=EncryptionKey(first, "OperationsKey", alias="operations", services=["logs"]),
    )
    HttpsListener(
        second,
        "Https",
        load_balancer=elbv2.ApplicationLoadBalancer(
            second, "Balancer", vpc=ec2.Vpc(second, "Network"), internet_facing=True
        ),
        certificates=[certificate.once_issued(second, "Issued")],
        domain_names=[NAME],
        open_to=[ec2.Peer.any_ipv4()],
        default_action=elbv2.ListenerAction.fixed_response(404),
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
