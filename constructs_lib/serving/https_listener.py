"""HttpsListener: an Application Load Balancer serves certificates, and sends who comes by plain HTTP to HTTPS."""

from collections.abc import Sequence
from enum import Enum
from typing import cast

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.serving.alias_record import check_zone, write_aliases
from constructs_lib.serving.fitting_certificate import check_certificates, read_names
from constructs_lib.serving.given_load_balancer import address_of, check_application_load_balancer
from constructs_lib.serving.listener_certificates import name_certificates, serve_certificates
from constructs_lib.serving.strict_transport import StrictTransport
from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target
from constructs_lib.wiring.findings import PACKS, answer
from constructs_lib.wiring.given_resources import spoken

_HTTPS, _HTTP = 443, 80
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
_STRICT_TRANSPORT = "routing.http.response.strict_transport_security.header_value"
_SERVES_NOTHING = (
    "It has nothing to serve: whoever comes by plain HTTP is sent to HTTPS for good, where the certificate is."
)


class PlainHttp(Enum):
    """What becomes of a client that comes to port 80."""

    REDIRECTED = "a permanent redirect to HTTPS"
    NOT_ANSWERED = "nothing listens"


class HttpsListener(Construct):
    """A listener of an Application Load Balancer that speaks TLS 1.2 and 1.3 alone, with post-quantum key exchange.

    A listener that says nothing gets from CloudFormation a policy of 2016 that still speaks TLS 1.0.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html

    Attributes:
        listener: The listener, which takes targets, rules and actions as the CDK's own does.
        redirect: The listener of port 80, if there is one.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111122223333", region="eu-central-1"))
        >>> balancer = elbv2.ApplicationLoadBalancer(stack, "Balancer", vpc=ec2.Vpc(stack, "Network"))
        >>> HttpsListener(
        ...     stack,
        ...     "Https",
        ...     load_balancer=balancer,
        ...     certificates=[acm.Certificate(stack, "Certificate", domain_name="*.example.com")],
        ...     domain_names=["shop.example.com"],
        ...     open_to=[ec2.Peer.any_ipv4()],
        ...     default_action=elbv2.ListenerAction.fixed_response(404),
        ... ).listener.node.path
        'Shop/Https/Listener'
    """

    listener: elbv2.ApplicationListener
    redirect: elbv2.ApplicationListener | None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        load_balancer: elbv2.IApplicationLoadBalancer,
        certificates: Sequence[acm.ICertificate],
        domain_names: Sequence[str],
        open_to: Sequence[ec2.IConnectable],
        default_action: elbv2.ListenerAction | None = None,
        default_target_groups: Sequence[elbv2.IApplicationTargetGroup] | None = None,
        plain_http: PlainHttp = PlainHttp.REDIRECTED,
        minimum_tls: MinimumTls = MinimumTls.TLS_1_2,
        strict_transport: StrictTransport = StrictTransport.ONE_YEAR,
        hosted_zone: route53.IHostedZone | None = None,
    ) -> None:
        """Define the listener on port 443, and the one on port 80 that redirects to it.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            load_balancer: The load balancer.
            certificates: The certificates, in its Region: the first serves who asks for no name, the others those who
                ask for one of their names.
            domain_names: The names that clients use; each must be covered by one of the certificates.
            open_to: Who may connect to both ports. Nobody, if empty: the security groups say it elsewhere then.
            default_action: What it does where no rule says otherwise. Default: it forwards to `default_target_groups`.
            default_target_groups: Where it forwards to. Default: nowhere, until `listener` is told.
            plain_http: What becomes of who comes to port 80. Default: a permanent redirect.
            minimum_tls: The oldest TLS that clients may speak. Default: 1.2.
            strict_transport: For how long browsers come back by HTTPS alone. Default: one year.
            hosted_zone: Where alias records of the names are written. Default: nowhere.

        Raises:
            ConfigurationError: If a certificate or the zone does not fit, or a value is of another kind.
        """
        check_application_load_balancer(load_balancer)
        policy = security_policy(Target.APPLICATION_LOAD_BALANCER, minimum_tls)
        check_instance("plain_http", plain_http, PlainHttp)
        check_instance("strict_transport", strict_transport, StrictTransport)
        _check_peers(open_to)
        names, named = read_names("domain_names", domain_names), name_certificates(certificates)
        check_certificates(scope, Target.APPLICATION_LOAD_BALANCER, certificates=named, names=names)
        check_zone(scope, hosted_zone, names)
        super().__init__(scope, construct_id)
        self.listener = elbv2.ApplicationListener(
            self,
            "Listener",
            load_balancer=load_balancer,
            port=_HTTPS,
            protocol=elbv2.ApplicationProtocol.HTTPS,
            certificates=serve_certificates(certificates),
            default_action=default_action,
            default_target_groups=default_target_groups,
            open=False,
        )
        # By AWS's name: the enum of the CDK lags behind.
        cast("elbv2.CfnListener", self.listener.node.default_child).ssl_policy = policy
        if strict_transport is not StrictTransport.NOT_SENT:
            self.listener.set_attribute(_STRICT_TRANSPORT, f"max-age={strict_transport.value}")
        self.redirect = self._redirect(load_balancer) if plain_http is PlainHttp.REDIRECTED else None
        for peer in open_to:
            for each in (self.listener, self.redirect):
                if each is not None:
                    each.connections.allow_default_port_from(peer)
        if hosted_zone is not None:
            write_aliases(self, hosted_zone, names=names, target=address_of(load_balancer))

    def _redirect(self, load_balancer: elbv2.IApplicationLoadBalancer) -> elbv2.ApplicationListener:
        redirect = elbv2.ApplicationListener(
            self,
            "Redirect",
            load_balancer=load_balancer,
            port=_HTTP,
            protocol=elbv2.ApplicationProtocol.HTTP,
            default_action=elbv2.ListenerAction.redirect(protocol="HTTPS", port=str(_HTTPS), permanent=True),
            open=False,
        )
        answer(redirect, {f"{pack}-ELBv2ACMCertificateRequired": _SERVES_NOTHING for pack in PACKS})
        return redirect


def _check_peers(open_to: Sequence[ec2.IConnectable]) -> None:
    given = list(open_to) if isinstance(open_to, Sequence) else None
    wrong = [open_to] if given is None else [each for each in given if not hasattr(each, "connections")]
    if wrong:
        raise ConfigurationError(
            f"open_to must be a list of peers, such as [ec2.Peer.any_ipv4()], or an empty one, got {spoken(wrong[0])}"
        )
