"""SecureDistribution: a CloudFront distribution that serves a certificate and answers by HTTPS alone."""

from collections.abc import Mapping, Sequence
from typing import Unpack

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.serving.alias_record import CLOUDFRONT_ZONE, IPV4_AND_IPV6, AliasTarget, check_zone, write_aliases
from constructs_lib.serving.distribution_settings import DistributionSettings
from constructs_lib.serving.fitting_certificate import check_certificates, read_names
from constructs_lib.serving.secure_behaviors import Sending, check_behaviors, read_behavior
from constructs_lib.serving.strict_transport import StrictTransport
from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target


class SecureDistribution(Construct):
    """A CloudFront distribution under names of one's own, with a policy of 2025 and no way around HTTPS.

    A behavior that says nothing redirects to HTTPS, where the CDK's would answer plain HTTP; one that allows it is
    refused, also when it is added later. CloudFront offers post-quantum key exchange with TLS 1.3.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html

    Attributes:
        distribution: The distribution.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_cloudfront_origins as origins
        >>> stack = cdk.Stack(cdk.App(), "Site", env=cdk.Environment(account="111122223333", region="eu-central-1"))
        >>> arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
        >>> SecureDistribution(
        ...     stack,
        ...     "Site",
        ...     certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", arn),
        ...     domain_names=["www.example.com"],
        ...     default_behavior=cloudfront.BehaviorOptions(origin=origins.HttpOrigin("origin.example.com")),
        ... ).distribution.node.path
        'Site/Site/Distribution'
    """

    distribution: cloudfront.Distribution

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        certificate: acm.ICertificate,
        domain_names: Sequence[str],
        default_behavior: cloudfront.BehaviorOptions,
        additional_behaviors: Mapping[str, cloudfront.BehaviorOptions] | None = None,
        minimum_tls: MinimumTls = MinimumTls.TLS_1_2,
        strict_transport: StrictTransport = StrictTransport.ONE_YEAR,
        hosted_zone: route53.IHostedZone | None = None,
        **settings: Unpack[DistributionSettings],
    ) -> None:
        """Define the distribution.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            certificate: The certificate, in us-east-1.
            domain_names: The names that clients use, all of them covered by the certificate.
            default_behavior: What becomes of requests that match no path.
            additional_behaviors: Path to what becomes of requests for it. Default: none.
            minimum_tls: The oldest TLS that clients may speak. Default: 1.2.
            strict_transport: For how long browsers come back by HTTPS alone, unless the origin or the response headers
                policy of a behavior says otherwise. Default: one year.
            hosted_zone: Where alias records of the names are written. Default: nowhere.
            **settings: What else the CDK's `Distribution` takes: `DistributionSettings`.

        Raises:
            ConfigurationError: If the certificate or the zone does not fit, or a behavior answers plain HTTP.
        """
        policy = _PROTOCOLS[security_policy(Target.CLOUDFRONT, minimum_tls)]
        check_instance("strict_transport", strict_transport, StrictTransport)
        unknown = sorted(set(settings) - set(DistributionSettings.__annotations__))
        if unknown:
            raise ConfigurationError(
                f"settings must be of {', '.join(DistributionSettings.__annotations__)}, got {', '.join(unknown)}"
            )
        names = read_names("domain_names", domain_names)
        check_certificates(scope, Target.CLOUDFRONT, certificates={"certificate": certificate}, names=names)
        check_zone(scope, hosted_zone, names)
        default = read_behavior("default_behavior", default_behavior)
        additional = {
            path: read_behavior(f"additional_behaviors[{path!r}]", each)
            for path, each in (additional_behaviors or {}).items()
        }
        super().__init__(scope, construct_id)
        sending = Sending(self, strict_transport)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            default_behavior=sending.added_to(default),
            additional_behaviors={path: sending.added_to(each) for path, each in additional.items()},
            certificate=certificate,
            domain_names=list(names),
            minimum_protocol_version=policy,
            ssl_support_method=cloudfront.SSLMethod.SNI,
            **settings,
        )
        check_behaviors(self.distribution)
        address = AliasTarget(
            dns_name=self.distribution.distribution_domain_name,
            zone_id=CLOUDFRONT_ZONE,
            kinds=IPV4_AND_IPV6 if settings.get("enable_ipv6", True) else ("A",),
        )
        write_aliases(self, hosted_zone, names=names, target=address)


_PROTOCOLS = {
    "TLSv1.2_2025": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025,
    "TLSv1.3_2025": cloudfront.SecurityPolicyProtocol.TLS_V1_3_2025,
}
