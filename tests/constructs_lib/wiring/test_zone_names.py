import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.zone_names import check_hosted_zone, hosted_zone_id_for, is_made_by_app, told_zone_name

ID = "Z0123456789ABCDEFGHIJ"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Dns")


def imported(stack: cdk.Stack, construct_id: str, name: str) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(stack, construct_id, hosted_zone_id=ID, zone_name=name)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Example.COM.", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("internal", "internal"),
        ("2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa"),
    ],
    ids=["upper case and a dot", "umlaut", "one label", "reverse"],
)
def test_the_name_of_a_zone_is_as_dns_has_it(stack: cdk.Stack, written: str, read: str) -> None:
    assert told_zone_name("zone", imported(stack, f"Zone-{read}", written)) == read


def test_a_zone_of_this_app_tells_its_name(stack: cdk.Stack) -> None:
    assert told_zone_name("zone", route53.PublicHostedZone(stack, "Own", zone_name="Example.org")) == "example.org"


NAMELESS: dict[str, Callable[[cdk.Stack], route53.IHostedZone]] = {
    "ById": lambda stack: route53.HostedZone.from_hosted_zone_id(stack, "ById", ID),
    "PublicById": lambda stack: route53.PublicHostedZone.from_public_hosted_zone_id(stack, "PublicById", ID),
    "PrivateById": lambda stack: route53.PrivateHostedZone.from_private_hosted_zone_id(stack, "PrivateById", ID),
    "ByToken": lambda stack: imported(stack, "ByToken", cdk.Fn.import_value("Name")),
}


@pytest.mark.parametrize("kind", NAMELESS)
def test_refuses_a_zone_whose_name_nobody_knows_before_deployment(stack: cdk.Stack, kind: str) -> None:
    zone = NAMELESS[kind](stack)
    with pytest.raises(ConfigurationError) as error:
        told_zone_name("zones[0]", zone)
    assert str(error.value) == (
        "zones[0] must tell its name, as route53.HostedZone.from_hosted_zone_attributes(scope, id, hosted_zone_id=..., "
        f"zone_name=...) does, got Dns/{kind} without one that is known before deployment"
    )


def test_refuses_a_zone_whose_name_is_none(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^zone\.zone_name must be a domain name, got 'a b': codepoint"):
        told_zone_name("zone", imported(stack, "Wrong", "a b"))


@pytest.mark.parametrize("given", ["Z1", None], ids=str)
def test_refuses_what_is_no_zone(given: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^zone must be a hosted zone, such as route53\.Pu.*, got ('Z1'|None)$"
    ):
        check_hosted_zone("zone", given)


@pytest.mark.parametrize(("region", "read"), [("eu-central-1", "Ref"), ("us-east-1", "Fn::GetStackOutput")])
def test_a_zone_of_the_app_is_known_in_any_region_without_a_custom_resource(
    make_app: Callable[..., cdk.App], region: str, read: str
) -> None:
    app = make_app()
    shop, dns = (
        cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region=where))
        for name, where in (("Shop", "eu-central-1"), ("Dns", region))
    )
    zone = route53.PublicHostedZone(dns, "Zone", zone_name="example.com")

    cdk.CfnOutput(shop, "Told", value=hosted_zone_id_for(shop, zone))

    template = app.synth().get_stack_by_name("Shop").template
    assert is_made_by_app(zone)
    assert ("Fn::GetStackOutput" in json.dumps(template)) == (read == "Fn::GetStackOutput")
    assert "Custom::" not in json.dumps(template)
