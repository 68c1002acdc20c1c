"""How do I serve a certificate of another authority, and replace it without a deployment?"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, ImportedCertificate, ManagedSecret, Supplied, Target, TlsListener

NAME = "broker.example.com"


def define(app: cdk.App) -> None:
    """Define the secret with who may put certificates into it, and in a second stack what imports and serves them.

    1. Deploy `BrokerSecret`.
    2. The writer puts JSON with `certificate`, `private_key` and `certificate_chain`, each in PEM.
    3. Deploy `Broker`. From then on whatever is put is checked, and what passes is served within minutes.
    """
    first, second = (
        cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region="eu-central-1"))
        for name in ("BrokerSecret", "Broker")
    )
    writer = iam.Role(first, "Writer", role_name="certificate-writer", assumed_by=iam.AccountPrincipal(first.account))
    secret = ManagedSecret(
        first,
        "Secret",
        encryption_key=EncryptionKey(first, "Key", alias="broker-certificate", services=["secretsmanager"]),
        content=Supplied.certificate(),
        secret_name="broker/certificate",  # noqa: S106  # a name, for whoever puts it
        writers=[writer],
    )
    certificate = ImportedCertificate(
        second,
        "Certificate",
        secret=secret,
        domain_names=[NAME],
        operations_key=EncryptionKey(second, "OperationsKey", alias="operations", services=["logs"]),
        targets=[Target.NETWORK_LOAD_BALANCER],
    )
    balancer = elbv2.NetworkLoadBalancer(second, "Balancer", vpc=ec2.Vpc(second, "Network"))
    TlsListener(
        second,
        "Tls",
        load_balancer=balancer,
        certificates=[certificate],
        domain_names=[NAME],
        default_target_groups=[
            elbv2.NetworkTargetGroup(
                second,
                "Brokers",
                vpc=balancer.vpc,
                port=8883,
                protocol=elbv2.Protocol.TLS,
                target_type=elbv2.TargetType.IP,
            )
        ],
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
