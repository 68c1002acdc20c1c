"""Where a certificate may serve, and what each service asks of it."""

from enum import Enum

from constructs_lib.wiring.certificate_facts import KeyAlgorithm

_ALL = frozenset(KeyAlgorithm)
# CloudFront takes RSA up to 4096 bits and, of the curves, prime256v1 alone.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
_CLOUDFRONT = frozenset({KeyAlgorithm.RSA_2048, KeyAlgorithm.RSA_3072, KeyAlgorithm.RSA_4096, KeyAlgorithm.ECDSA_P256})


class Target(Enum):
    """A service that serves certificates of ACM, by what its users call it."""

    APPLICATION_LOAD_BALANCER = "an Application Load Balancer"
    NETWORK_LOAD_BALANCER = "a Network Load Balancer"
    REST_API = "a Regional domain of a REST API"
    EDGE_OPTIMIZED_API = "an edge-optimized domain of a REST API"
    HTTP_API = "a domain of an HTTP API"
    CLOUDFRONT = "a CloudFront distribution"
    COGNITO = "a domain of a Cognito user pool"

    @property
    def called(self) -> str:
        """What it is called in texts, with its article."""
        return self.value

    @property
    def only_in(self) -> str | None:
        """The only Region whose certificates it takes; None where it takes those of its own Region.

        What CloudFront delivers takes certificates of us-east-1, wherever in the partition `aws` the API or the user
        pool is. CloudFront of China takes none of ACM, and Cognito of GovCloud has no domains of one's own.
        https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html
        https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
        https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html
        """
        return "us-east-1" if self in _THROUGH_CLOUDFRONT else None

    def takes(self, algorithm: KeyAlgorithm) -> bool:
        """Whether it serves certificates with a key pair of this algorithm.

        For Regional domains of API Gateway AWS publishes no list, so none is refused here; their security policies name
        cipher suites for RSA and for ECDSA. Cognito publishes none either; its custom domains are delivered by
        CloudFront, whose list is taken.
        https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
        """
        return algorithm in _TAKEN[self]


_THROUGH_CLOUDFRONT = frozenset({Target.EDGE_OPTIMIZED_API, Target.CLOUDFRONT, Target.COGNITO})
_TAKEN = {
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
    Target.APPLICATION_LOAD_BALANCER: _ALL,
    # January 19, 2024 in https://docs.aws.amazon.com/elasticloadbalancing/latest/network/doc-history.html
    Target.NETWORK_LOAD_BALANCER: _ALL - {KeyAlgorithm.RSA_4096},
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
    Target.REST_API: _ALL,
    Target.HTTP_API: _ALL,
    # CloudFront's limits, but no public key beyond 2048 bits:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-specify-certificate-for-custom-domain-name.html
    Target.EDGE_OPTIMIZED_API: frozenset({KeyAlgorithm.RSA_2048, KeyAlgorithm.ECDSA_P256}),
    Target.CLOUDFRONT: _CLOUDFRONT,
    # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
    Target.COGNITO: _CLOUDFRONT,
}
