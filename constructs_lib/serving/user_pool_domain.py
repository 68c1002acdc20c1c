"""UserPoolDomain: a name of one's own for the sign-in pages of a Cognito user pool."""

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.serving.alias_record import CLOUDFRONT_ZONE, IPV4, AliasTarget, check_zone, write_aliases
from constructs_lib.serving.fitting_certificate import check_certificates, read_names
from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target
from constructs_lib.wiring.given_resources import spoken


class UserPoolDomain(Construct):
    """A custom domain of a user pool, wherever the pool is; the certificate is in us-east-1.

    Cognito wants the domain above, `example.com` for `auth.example.com`, to have an A record before it makes the
    domain, and needs up to an hour to bring a certificate to all of its edges.
    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html

    Attributes:
        domain_name: The name.
        url: Where the sign-in pages are.
        resource: What stands in the template.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111122223333", region="eu-central-1"))
        >>> arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
        >>> UserPoolDomain(
        ...     stack,
        ...     "Domain",
        ...     domain_name="auth.example.com",
        ...     certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", arn),
        ...     user_pool=cognito.UserPool(stack, "Pool"),
        ... ).url
        'https://auth.example.com'
    """

    domain_name: str
    url: str
    resource: cognito.CfnUserPoolDomain

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain_name: str,
        certificate: acm.ICertificate,
        user_pool: cognito.IUserPool,
        managed_login_version: cognito.ManagedLoginVersion | None = None,
        minimum_tls: MinimumTls = MinimumTls.TLS_1_2,
        hosted_zone: route53.IHostedZone | None = None,
    ) -> None:
        """Define the domain.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            domain_name: The name that clients use.
            certificate: The certificate, in us-east-1.
            user_pool: The user pool.
            managed_login_version: Which sign-in pages it shows. Default: what Cognito shows untold, the classic ones.
            minimum_tls: The oldest TLS that clients may speak. Default: 1.2.
            hosted_zone: Where an alias record of the name is written. Default: nowhere.

        Raises:
            ConfigurationError: If the certificate or the zone does not fit, or the name is a wildcard.
        """
        if not hasattr(user_pool, "user_pool_id"):
            raise ConfigurationError(f"user_pool must be a user pool, got {spoken(user_pool)}")
        names = read_names("domain_name", [domain_name])
        if names[0].startswith("*."):
            raise ConfigurationError(f"domain_name must be no wildcard for {Target.COGNITO.called}, got {names[0]!r}")
        policy = security_policy(Target.COGNITO, minimum_tls)
        check_certificates(scope, Target.COGNITO, certificates={"certificate": certificate}, names=names)
        check_zone(scope, hosted_zone, names)
        super().__init__(scope, construct_id)
        self.domain_name, self.url = names[0], f"https://{names[0]}"
        login = managed_login_version
        self.resource = cognito.CfnUserPoolDomain(
            self,
            "Resource",
            domain=self.domain_name,
            user_pool_id=user_pool.user_pool_id,
            managed_login_version=None if login is None else _VERSIONS[login],
            custom_domain_config=cognito.CfnUserPoolDomain.CustomDomainConfigTypeProperty(
                certificate_arn=certificate.certificate_arn, security_policy=policy
            ),
        )
        address = AliasTarget(dns_name=self.resource.attr_cloud_front_distribution, zone_id=CLOUDFRONT_ZONE, kinds=IPV4)
        write_aliases(self, hosted_zone, names=names, target=address)


# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
_VERSIONS = {
    cognito.ManagedLoginVersion.CLASSIC_HOSTED_UI: 1,
    cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN: 2,
}
