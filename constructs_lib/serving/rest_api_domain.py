"""RestApiDomain: a name of one's own for a REST API, with a policy that the API itself keeps to."""

from typing import cast

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.serving.alias_record import IPV4, AliasTarget, check_zone, write_aliases
from constructs_lib.serving.default_endpoint import hint_default_endpoint
from constructs_lib.serving.fitting_certificate import check_certificates, read_names
from constructs_lib.serving.rest_api_policy import endpoint_of, resource_of, settle_policy
from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target

_STRICT = "STRICT"


class RestApiDomain(Construct):
    """A custom domain of a REST API of this app: Regional or edge-optimized, as the API itself is.

    On a custom domain the policy of the API decides on a connection, not that of the domain, and an API that says
    nothing speaks TLS 1.0. So both get the same policy, and only requests whose TLS and HTTP name the same host are
    answered (endpoint access mode STRICT). API Gateway does not listen to plain HTTP.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html

    Attributes:
        domain: The domain, for further mappings.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111122223333", region="eu-central-1"))
        >>> api = apigateway.RestApi(stack, "Api", endpoint_types=[apigateway.EndpointType.REGIONAL])
        >>> method = api.root.add_method("GET")
        >>> RestApiDomain(
        ...     stack,
        ...     "Domain",
        ...     domain_name="api.example.com",
        ...     certificate=acm.Certificate(stack, "Certificate", domain_name="api.example.com"),
        ...     api=api,
        ... ).domain.node.path
        'Shop/Domain/Domain'
    """

    domain: apigateway.DomainName

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain_name: str,
        certificate: acm.ICertificate,
        api: apigateway.IRestApi,
        stage: apigateway.Stage | None = None,
        base_path: str | None = None,
        minimum_tls: MinimumTls = MinimumTls.TLS_1_2,
        hosted_zone: route53.IHostedZone | None = None,
    ) -> None:
        """Define the domain, map the API to it, and give the API its policy.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            domain_name: The name that clients use.
            certificate: The certificate: in the Region of the stack for a Regional API, in us-east-1 for an
                edge-optimized one.
            api: The API, of this app.
            stage: Its stage. Default: the one that it deploys to.
            base_path: Beneath which path it answers. Default: all of them.
            minimum_tls: The oldest TLS that clients may speak. Default: 1.2.
            hosted_zone: Where an alias record of the name is written. Default: nowhere.

        Raises:
            ConfigurationError: If the certificate, the zone or the API does not fit.
        """
        resource = resource_of(api)
        target = endpoint_of(resource)
        policy = security_policy(target, minimum_tls)
        names = read_names("domain_name", [domain_name])
        check_certificates(scope, target, certificates={"certificate": certificate}, names=names)
        check_zone(scope, hosted_zone, names)
        reached = _own_stage(api) if stage is None else stage
        settle_policy(resource, policy, minimum_tls)
        super().__init__(scope, construct_id)
        is_regional = target is Target.REST_API
        self.domain = apigateway.DomainName(
            self,
            "Domain",
            domain_name=names[0],
            certificate=certificate,
            endpoint_type=apigateway.EndpointType.REGIONAL if is_regional else apigateway.EndpointType.EDGE,
        )
        written = cast("apigateway.CfnDomainName", self.domain.node.default_child)
        written.security_policy, written.endpoint_access_mode = policy, _STRICT
        apigateway.BasePathMapping(
            self, "Mapping", domain_name=self.domain, rest_api=api, stage=reached, base_path=base_path
        )
        hint_default_endpoint(self, resource)
        address = AliasTarget(
            dns_name=self.domain.domain_name_alias_domain_name,
            zone_id=self.domain.domain_name_alias_hosted_zone_id,
            kinds=IPV4,  # https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-custom-domain-ip-address-type.html
        )
        write_aliases(self, hosted_zone, names=names, target=address)


def _own_stage(api: apigateway.IRestApi) -> apigateway.Stage:
    try:
        return api.deployment_stage
    except RuntimeError as error:  # so jsii says that there is none
        raise ConfigurationError("stage must be a stage of the API, which deploys to none itself, got None") from error
