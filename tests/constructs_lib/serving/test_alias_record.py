"""Alias records, and zones in which they cannot stand."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib import ConfigurationError
from constructs_lib.serving.alias_record import IPV4_AND_IPV6, AliasTarget, check_zone, write_aliases
from tests.support.served_app import ACCOUNT, HOME, new_app, new_stack, zone_of


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return new_stack()


def test_each_name_gets_a_record_for_each_kind_of_address() -> None:
    app = new_app()
    stack = new_stack(app)
    target = AliasTarget(dns_name="lb.example.net", zone_id="Z9", kinds=IPV4_AND_IPV6)
    write_aliases(Construct(stack, "Own"), zone_of(stack), names=("*.example.com", "example.com"), target=target)
    written = app.synth().get_stack_by_name("Shop").template["Resources"].values()

    assert [each["Properties"] for each in written if each["Type"] == "AWS::Route53::RecordSet"] == [
        {
            "Name": f"{name}.",
            "Type": kind,
            "HostedZoneId": "Z1",
            "AliasTarget": {"DNSName": "lb.example.net", "HostedZoneId": "Z9"},
        }
        for name in ("*.example.com", "example.com")
        for kind in ("A", "AAAA")
    ]


def test_without_a_zone_nothing_is_written(stack: cdk.Stack) -> None:
    scope = Construct(stack, "None")
    check_zone(scope, None, ["a.example.com"])
    write_aliases(scope, None, names=["a.example.com"], target=AliasTarget(dns_name="a", zone_id="b", kinds=["A"]))

    assert scope.node.children == []


def test_a_zone_takes_its_own_name_and_those_below(stack: cdk.Stack) -> None:
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Dotted", hosted_zone_id="Z1", zone_name="Example.com."
    )

    check_zone(stack, zone, ["example.com", "a.b.example.com"])


def test_refuses_a_zone_to_which_a_name_does_not_belong(stack: cdk.Stack) -> None:
    zone = route53.HostedZone.from_hosted_zone_attributes(stack, "Own", hosted_zone_id="Z1", zone_name="example.com")

    with pytest.raises(ConfigurationError, match=r"must be one to which 'badexample\.com' belongs, got"):
        check_zone(stack, zone, ["a.example.com", "badexample.com"])


@pytest.mark.parametrize("name", ["bücher.example.com.", "Internal"])
def test_a_zone_is_known_by_its_name_as_dns_has_it(stack: cdk.Stack, name: str) -> None:
    """A private one may have a name of one label."""
    zone = zone_of(cdk.Stack(stack, f"Of{len(name)}"), name)

    check_zone(stack, zone, [f"a.{'internal' if name == 'Internal' else 'xn--bcher-kva.example.com'}"])


def test_refuses_a_zone_that_does_not_tell_its_name(stack: cdk.Stack) -> None:
    zone = route53.HostedZone.from_hosted_zone_id(stack, "Later", "Z1")

    with pytest.raises(ConfigurationError, match=r"^hosted_zone must tell its name, .*_attributes.* Shop/Later"):
        check_zone(stack, zone, ["a.example.com"])


def test_refuses_a_zone_of_another_account() -> None:
    app = new_app()
    there = cdk.Stack(app, "Dns", env=cdk.Environment(account="444455556666", region=HOME))

    with pytest.raises(ConfigurationError, match=f"must be of account {ACCOUNT}, .* got Dns/Zone of account 4444"):
        check_zone(new_stack(app), zone_of(there), ["a.example.com"])


def test_refuses_what_is_no_zone(stack: cdk.Stack) -> None:
    given: Any = "Z1"

    with pytest.raises(ConfigurationError, match=r"hosted_zone must be a hosted zone, such as .*, got 'Z1'"):
        check_zone(stack, given, ["a.example.com"])
