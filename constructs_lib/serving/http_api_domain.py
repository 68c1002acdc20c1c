"""HttpApiDomain: a name of one's own for an HTTP API or a WebSocket API."""

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.serving.alias_record import IPV4, AliasTarget, check_zone, write_aliases
from constructs_lib.serving.default_endpoint import hint_default_endpoint
from constructs_lib.serving.fitting_certificate import check_certificates, read_names
from constructs_lib.wiring.certificate_targets import Target
from constructs_lib.wiring.given_resources import spoken


class HttpApiDomain(Construct):
    """A custom domain of an HTTP API or a WebSocket API.

    API Gateway has one policy for them, `TLS_1_2`, which speaks TLS 1.2 and 1.3 without post-quantum key exchange, and
    does not listen to plain HTTP.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-ciphers.html

    Attributes:
        domain: The domain, for further mappings.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111122223333", region="eu-central-1"))
        >>> HttpApiDomain(
        ...     stack,
        ...     "Domain",
        ...     domain_name="api.example.com",
        ...     certificate=acm.Certificate(stack, "Certificate", domain_name="api.example.com"),
        ...     api=apigatewayv2.HttpApi(stack, "Api"),
        ... ).domain.node.path
        'Shop/Domain/Domain'
    """

    domain: apigatewayv2.DomainName

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain_name: str,
        certificate: acm.ICertificate,
        api: apigatewayv2.IApi,
        stage: apigatewayv2.IStage | None = None,
        mapping_key: str | None = None,
        hosted_zone: route53.IHostedZone | None = None,
    ) -> None:
        """Define the domain and map the API to it.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            domain_name: The name that clients use.
            certificate: The certificate, in the Region of the stack.
            api: The API.
            stage: Its stage. Default: the default stage of an HTTP API.
            mapping_key: Beneath which path it answers. Default: all of them.
            hosted_zone: Where an alias record of the name is written. Default: nowhere.

        Raises:
            ConfigurationError: If the certificate, the zone or the API does not fit.
        """
        if not hasattr(api, "api_id"):
            raise ConfigurationError(
                f"api must be an HTTP API or a WebSocket API, got {spoken(api)}; a REST API takes RestApiDomain"
            )
        names = read_names("domain_name", [domain_name])
        check_certificates(scope, Target.HTTP_API, certificates={"certificate": certificate}, names=names)
        check_zone(scope, hosted_zone, names)
        reached = getattr(api, "default_stage", None) if stage is None else stage
        if reached is None:
            raise ConfigurationError(f"stage must be a stage of the API, which has no default one, got {spoken(stage)}")
        super().__init__(scope, construct_id)
        self.domain = apigatewayv2.DomainName(
            self,
            "Domain",
            domain_name=names[0],
            certificate=certificate,
            security_policy=apigatewayv2.SecurityPolicy.TLS_1_2,
        )
        apigatewayv2.ApiMapping(
            self, "Mapping", domain_name=self.domain, api=api, stage=reached, api_mapping_key=mapping_key
        )
        own = api.node.default_child
        if isinstance(own, apigatewayv2.CfnApi):
            hint_default_endpoint(self, own)
        address = AliasTarget(
            dns_name=self.domain.regional_domain_name, zone_id=self.domain.regional_hosted_zone_id, kinds=IPV4
        )
        write_aliases(self, hosted_zone, names=names, target=address)
