"""The role of a zone's account: whom it trusts, and what it may do."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53

from constructs_lib.certificate_zone_role import CertificateZoneRole
from constructs_lib.certificates.requester import Requester
from constructs_lib.errors import ConfigurationError
from tests.conftest import configured_app
from tests.support.synthesised import Json, only, resources, template_of, written

DNS = cdk.Environment(account="444455556666", region="eu-central-1")
SHOP = Requester(account="111122223333", role_name="CertificateRequest-eu-central-1-0123456789ab")
MAIL = Requester(account="111122223333", role_name="Mail-Request")
OTHER = Requester(account="777788889999", role_name="Other-Request")
RECORD = "_" + "?" * 32


def zone_role(stack: cdk.Stack, **told: Any) -> CertificateZoneRole:
    usual = {
        "role_name": "certificates-of-shop",
        "requesters": [SHOP],
        "domain_names": ["shop.example.com", "*.shop.example.com", "*.example.com"],
    }
    if "hosted_zone" not in told:
        told["hosted_zone"] = route53.PublicHostedZone(stack, "Zone", zone_name="example.com")
    return CertificateZoneRole(stack, "Certificates", **{**usual, **told})


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Json:
    stack = cdk.Stack(configured_app(tmp_path_factory.mktemp("cdk.out")), "Dns", env=DNS)
    zone_role(stack, requesters=[SHOP, MAIL, OTHER])
    return template_of(stack)


def test_it_trusts_the_told_roles_alone_each_by_its_name(template: Json) -> None:
    role = written(only(template, "AWS::IAM::Role")["Properties"])
    arns = {
        "111122223333": [f"111122223333:role/{SHOP.role_name}", "111122223333:role/Mail-Request"],
        "777788889999": ["777788889999:role/Other-Request"],
    }
    assert role["RoleName"] == "certificates-of-shop"
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Condition": {"ArnLike": {"aws:PrincipalArn": [f"arn:${{AWS::Partition}}:iam::{each}" for each in named]}},
        }
        for account, named in arns.items()
    ]


def test_it_may_look_at_its_zone_and_create_the_records_of_its_names_there(template: Json) -> None:
    ((zone, _),) = resources(template, "AWS::Route53::HostedZone").items()
    names = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    types, actions = "route53:ChangeResourceRecordSetsRecordTypes", "route53:ChangeResourceRecordSetsActions"
    allowed = {"Effect": "Allow", "Resource": f"arn:aws:route53:::hostedzone/${{{zone}}}"}
    assert written(only(template, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]) == [
        {**allowed, "Sid": "LookAtRecords1", "Action": "route53:ListResourceRecordSets"},
        *(
            {
                **allowed,
                "Sid": sid,
                "Action": "route53:ChangeResourceRecordSets",
                "Condition": {
                    "ForAllValues:StringLike": {names: [f"{RECORD}.{name}"]},
                    "ForAllValues:StringNotLike": {names: [f"_*.*.{name}"]},
                    "ForAllValues:StringEquals": {types: ["CNAME"], actions: ["CREATE"]},
                    "Null": {names: "false", types: "false", actions: "false"},
                },
            }
            for sid, name in (("CreateRecords1", "example.com"), ("CreateRecords1Below1", "shop.example.com"))
        ),
    ]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"role_name": "a/b"}, "role_name must be 1 to 64 letters, digits or"),
        ({"role_name": cdk.Aws.STACK_NAME}, "role_name must be 1 to 64 letters, digits or .*, known before"),
        ({"requesters": []}, "requesters must be a list of at least one Requester"),
        ({"requesters": "111122223333"}, r"requesters\[0\] must be a Requester, got '1'"),
        ({"requesters": SHOP}, "requesters must be a list of at least one Requester, got a Requester"),
        ({"requesters": ["111122223333"]}, r"requesters\[0\] must be a Requester, got '111122223333'"),
        ({"requesters": [SHOP, SHOP]}, "requesters must name each role once"),
        (
            {"requesters": [Requester(account="111122223333", role_name=f"R{n}") for n in range(17)]},
            "requesters must be at most 16",
        ),
        ({"domain_names": ["shop.example.net"]}, r"zones must contain each domain name, got shop\.example\.net"),
        ({"domain_names": []}, "domain_names must be 1 to 50 domain names, got 0"),
        (
            {"domain_names": [f"{n}.{'a' * 60}.{'b' * 60}.example.com" for n in range(40)]},
            "domain_names must be so few and short that IAM takes the policy of their role, at most 10240 characters",
        ),
        (
            {"domain_names": [".".join(["a"] * depth) + ".example.com" for depth in range(1, 21)]},
            "domain_names must be so few and short that IAM takes the policy of their role",
        ),
        ({"hosted_zone": "Z1"}, "hosted_zone must be a hosted zone, such as .* got 'Z1'"),
    ],
    ids=[
        "path",
        "token",
        "nobody",
        "text",
        "one",
        "texts",
        "twice",
        "many",
        "zone",
        "none",
        "long",
        "nested",
        "no zone",
    ],
)
def test_refuses_by_the_name_of_the_argument(told: dict[str, Any], why: str) -> None:
    stack = cdk.Stack(cdk.App(), "Dns", env=DNS)
    with pytest.raises(ConfigurationError, match=f"^{why}"):
        zone_role(stack, **told)
