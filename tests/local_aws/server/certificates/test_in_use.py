from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy

Describe = Callable[[str], Mapping[str, Any]]


def test_a_certificate_that_a_listener_serves_is_renewed_and_not_deleted(
    aws: LocalAws, acm: Any, describe: Describe, in_new_zone: Callable[..., str]
) -> None:
    arn, elb = in_new_zone("www"), aws.session().client("elbv2")
    idle = describe(arn)
    balancer = elb.create_load_balancer(Name="served", Subnets=["subnet-1", "subnet-2"])["LoadBalancers"][0]
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTPS", Port=443, Certificates=[{"CertificateArn": arn}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
    )["Listeners"][0]  # fmt: skip

    used = describe(arn)

    assert (idle["InUseBy"], idle["RenewalEligibility"]) == ([], "INELIGIBLE")
    assert (used["InUseBy"], used["RenewalEligibility"]) == ([balancer["LoadBalancerArn"]], "ELIGIBLE")
    with pytest.raises(ClientError, match="ResourceInUseException"):
        acm.delete_certificate(CertificateArn=arn)
    elb.delete_listener(ListenerArn=listener["ListenerArn"])
    acm.delete_certificate(CertificateArn=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        describe(arn)


def test_domains_of_apis_and_of_user_pools_and_distributions_use_a_certificate(
    aws: LocalAws, make_leaf: Callable[..., dict[str, str]]
) -> None:
    session: Any = aws.session()
    acm = session.client("acm", region_name="us-east-1")
    arn = acm.import_certificate(**make_leaf())["CertificateArn"]
    session.client("apigateway").create_domain_name(domainName="api.example.com", certificateArn=arn)
    pools = session.client("cognito-idp", region_name="eu-west-1")
    pool = pools.create_user_pool(PoolName="served")["UserPool"]
    pools.create_user_pool_domain(
        Domain="auth.example.com", UserPoolId=pool["Id"], CustomDomainConfig={"CertificateArn": arn}
    )
    behaviour: dict[str, Any] = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "MinTTL": 0}
    behaviour |= {"ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}}
    origin: dict[str, Any] = {"Id": "o", "DomainName": "o.example.com"}
    origin |= {"CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}
    distribution = session.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": "served", "Comment": "", "Enabled": True, "DefaultCacheBehavior": behaviour,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "Aliases": {"Quantity": 1, "Items": ["www.example.com"]},
            "ViewerCertificate": {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only"},
        }
    )["Distribution"]  # fmt: skip

    users = acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"]

    domain = f"arn:aws:apigateway:{aws.region}::/domainnames/api.example.com"
    assert users == sorted([domain, pool["Arn"], distribution["ARN"]])
