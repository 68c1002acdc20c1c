"""TlsListener: a Network Load Balancer serves certificates."""

from collections.abc import Sequence
from typing import cast

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.functions.checked_values import check_number
from constructs_lib.serving.alias_record import check_zone, write_aliases
from constructs_lib.serving.fitting_certificate import check_certificates, read_names
from constructs_lib.serving.given_load_balancer import address_of, check_network_load_balancer
from constructs_lib.serving.listener_certificates import name_certificates, serve_certificates
from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target

_PORTS = range(1, 65_536)
_HTTPS = 443


class TlsListener(Construct):
    """A listener of a Network Load Balancer that ends TLS 1.2 and 1.3 alone, with post-quantum key exchange.

    A Network Load Balancer redirects nobody and sends no headers: whatever speaks plain text to another port of it has
    a listener of its own, which is not to be there.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html

    Attributes:
        listener: The listener, which takes targets and actions as the CDK's own does.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_ec2 as ec2
        >>> stack = cdk.Stack(cdk.App(), "Mail", env=cdk.Environment(account="111122223333", region="eu-central-1"))
        >>> network = ec2.Vpc(stack, "Network")
        >>> TlsListener(
        ...     stack,
        ...     "Tls",
        ...     load_balancer=elbv2.NetworkLoadBalancer(stack, "Balancer", vpc=network),
        ...     certificates=[acm.Certificate(stack, "Certificate", domain_name="mail.example.com")],
        ...     domain_names=["mail.example.com"],
        ...     port=993,
        ...     default_target_groups=[elbv2.NetworkTargetGroup(stack, "Servers", vpc=network, port=143)],
        ... ).listener.node.path
        'Mail/Tls/Listener'
    """

    listener: elbv2.NetworkListener

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        load_balancer: elbv2.INetworkLoadBalancer,
        certificates: Sequence[acm.ICertificate],
        domain_names: Sequence[str],
        port: int = _HTTPS,
        alpn_policy: elbv2.AlpnPolicy | None = None,
        default_action: elbv2.NetworkListenerAction | None = None,
        default_target_groups: Sequence[elbv2.INetworkTargetGroup] | None = None,
        minimum_tls: MinimumTls = MinimumTls.TLS_1_2,
        hosted_zone: route53.IHostedZone | None = None,
    ) -> None:
        """Define the listener.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            load_balancer: The load balancer. Its security groups say who may connect.
            certificates: The certificates, in its Region: the first serves who asks for no name, the others those who
                ask for one of their names.
            domain_names: The names that clients use; each must be covered by one of the certificates.
            port: Where it listens. Default: 443.
            alpn_policy: Which protocols it offers within TLS, such as HTTP/2. Default: none, as for what is not HTTP.
            default_action: What it does. Default: it forwards to `default_target_groups`.
            default_target_groups: Where it forwards to. Default: nowhere, until `listener` is told.
            minimum_tls: The oldest TLS that clients may speak. Default: 1.2.
            hosted_zone: Where alias records of the names are written. Default: nowhere.

        Raises:
            ConfigurationError: If a certificate or the zone does not fit, or a value is out of range.
        """
        check_network_load_balancer(load_balancer)
        check_number("port", port, _PORTS)
        policy = security_policy(Target.NETWORK_LOAD_BALANCER, minimum_tls)
        names, named = read_names("domain_names", domain_names), name_certificates(certificates)
        check_certificates(scope, Target.NETWORK_LOAD_BALANCER, certificates=named, names=names)
        check_zone(scope, hosted_zone, names)
        super().__init__(scope, construct_id)
        self.listener = elbv2.NetworkListener(
            self,
            "Listener",
            load_balancer=load_balancer,
            port=port,
            protocol=elbv2.Protocol.TLS,
            alpn_policy=alpn_policy,
            certificates=serve_certificates(certificates),
            default_action=default_action,
            default_target_groups=default_target_groups,
        )
        # By AWS's name: the enum of the CDK lags behind.
        cast("elbv2.CfnListener", self.listener.node.default_child).ssl_policy = policy
        if hosted_zone is not None:
            write_aliases(self, hosted_zone, names=names, target=address_of(load_balancer))
