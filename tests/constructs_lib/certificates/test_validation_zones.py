from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53

from constructs_lib.certificates.validation import DelegatedZone
from constructs_lib.certificates.validation_zones import read_zones
from constructs_lib.errors import ConfigurationError

ID = "Z0123456789ABCDEFGHIJ"
HERE = cdk.Environment(account="111122223333", region="eu-central-1")


def a_vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id="vpc-1", availability_zones=["eu-central-1a"])


@pytest.fixture(scope="module")
def app() -> cdk.App:
    return cdk.App()


PRIVATE: dict[str, Callable[[cdk.Stack], route53.IHostedZone]] = {
    "own": lambda stack: route53.PrivateHostedZone(stack, "Zone", zone_name="example.com", vpc=a_vpc(stack)),
    "with a vpc": lambda stack: route53.HostedZone(stack, "Zone", zone_name="example.com", vpcs=[a_vpc(stack)]),
    "imported": lambda stack: route53.PrivateHostedZone.from_private_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id=ID, zone_name="example.com"
    ),
}
NAMELESS: dict[str, Callable[[cdk.Stack], route53.IHostedZone]] = {
    "by id": lambda stack: route53.HostedZone.from_hosted_zone_id(stack, "Zone", ID),
    "public by id": lambda stack: route53.PublicHostedZone.from_public_hosted_zone_id(stack, "Zone", ID),
    "by a token": lambda stack: route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id=ID, zone_name=cdk.Fn.import_value("Name")
    ),
}


@pytest.mark.parametrize("kind", PRIVATE)
def test_refuses_a_private_zone_in_which_acm_cannot_look(app: cdk.App, kind: str) -> None:
    stack = cdk.Stack(app, f"Private-{kind.replace(' ', '-')}", env=HERE)
    with pytest.raises(ConfigurationError, match=r"zones\[0\] must be a public hosted zone, in which ACM can look"):
        read_zones(stack, [PRIVATE[kind](stack)], ["shop.example.com"])


@pytest.mark.parametrize("kind", NAMELESS)
def test_refuses_a_zone_whose_name_nobody_knows_and_says_what_to_use(app: cdk.App, kind: str) -> None:
    stack = cdk.Stack(app, f"Nameless-{kind.replace(' ', '-')}", env=HERE)
    with pytest.raises(ConfigurationError, match=r"zones\[0\] must tell its name, .*from_hosted_zone_attributes"):
        read_zones(stack, [NAMELESS[kind](stack)], ["shop.example.com"])


def test_refuses_a_zone_of_another_account_and_says_what_to_use(app: cdk.App) -> None:
    there = cdk.Stack(app, "There", env=cdk.Environment(account="444455556666", region="eu-central-1"))
    zone = route53.PublicHostedZone(there, "Zone", zone_name="example.com")
    with pytest.raises(
        ConfigurationError, match=r"account 111122223333, got There/Zone in 444455556666: give Delegated"
    ):
        read_zones(cdk.Stack(app, "Here", env=HERE), [zone], ["shop.example.com"])


def test_zones_are_read_in_lower_case_and_told_apart_where_their_id_is_known_only_at_deployment(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Read", env=HERE)
    own = route53.PublicHostedZone(stack, "Own", zone_name="Example.COM")
    dotted = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Dotted", hosted_zone_id=ID, zone_name="example.org."
    )
    elsewhere = DelegatedZone(
        zone_name="example.net", hosted_zone_id="Z1", role_arn="arn:aws:iam::444455556666:role/certificates"
    )
    names = ["shop.example.com", "example.org", "*.example.net"]
    first, second, third = read_zones(stack, [own, dotted, elsewhere], names)
    assert (first.zone_name, first.identity, first.domain_names) == ("example.com", "Read/Own", ("shop.example.com",))
    assert (second.zone_name, second.identity, second.delegated) == ("example.org", ID, None)
    assert (third.hosted_zone_id, third.delegated, third.domain_names) == ("Z1", elsewhere, ("example.net",))
