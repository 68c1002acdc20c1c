"""What a requested certificate and the handlers behind it must agree on, though neither imports the other."""

import importlib
import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53

from certificate_care import issued, request, request_properties
from certificate_care.accepted_names import covers as covers_in_function
from certificate_care.custom_resource import STACK_ID
from certificate_care.request_properties import RequestedCertificate
from constructs_lib.certificates.key_choice import ISSUED_BY_ACM
from constructs_lib.certificates.own_tag import TAG
from constructs_lib.certificates.requested_certificate import VALIDATION_RECORD
from constructs_lib.certificates.validation import DelegatedZone, dns_validation, outside_dns
from constructs_lib.certificates.wanted_certificate import Export
from constructs_lib.managed_certificate import ManagedCertificate
from constructs_lib.wiring.domain_names import covers
from tests.conftest import configured_app
from tests.support.function_roles import statements_by_handler, variables_by_handler
from tests.support.request_world import ROLE, SHOP, TEAM, RequestWorld
from tests.support.synthesised import Json, only, template_of

REQUESTS, LOOKS = "certificate_care.request.handle", "certificate_care.issued.handle"
# ACM asks for it when a request carries tags, and also when a template has others.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html
WITH_TAGS = {"acm:AddTagsToCertificate"}
OF_THE_OTHER_ACCOUNT = {"sts:AssumeRole"}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """Define a certificate whose zones are of two accounts, one for an outside DNS, and the gate before that."""
    app = configured_app(tmp_path_factory.mktemp("cdk.out"))
    environment = cdk.Environment(account="111122223333", region="eu-central-1")
    zones, outside, gate = (cdk.Stack(app, name, env=environment) for name in ("Zones", "Outside", "Gate"))
    own = route53.HostedZone.from_hosted_zone_attributes(
        zones, "Zone", hosted_zone_id=SHOP, zone_name="shop.example.com"
    )
    theirs = DelegatedZone(zone_name="example.net", hosted_zone_id=TEAM, role_arn=ROLE, external_id="shop-1")
    told: dict[str, Any] = {
        "domain_name": "shop.example.com",
        "alternative_names": ["team.example.net", "*.shop.example.com"],
        "export": Export.ALLOWED,
    }
    ManagedCertificate(
        zones, "Certificate", validation=dns_validation(own, theirs), operations_key=kms.Key(zones, "LogKey"), **told
    )
    waiting = ManagedCertificate(
        outside, "Certificate", validation=outside_dns(), operations_key=kms.Key(outside, "LogKey"), **told
    )
    waiting.once_issued(gate, "Issued")
    return {stack.node.id: template_of(stack) for stack in (zones, outside, gate)}


def properties(template: Json) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(only(template, "Custom::RequestedCertificate")["Properties"]))
    return {name: value for name, value in told.items() if name not in {"ServiceToken", "ServiceTimeout"}}


@pytest.mark.parametrize("kind", ["Zones", "Outside"])
def test_the_function_reads_every_property_that_the_template_has(templates: dict[str, Json], kind: str) -> None:
    told = properties(templates[kind])
    known = {value for name, value in vars(request_properties).items() if name.isupper() and isinstance(value, str)}
    read = RequestedCertificate.of(told)

    assert {*told, *(name for zone in told["Zones"] for name in zone)} <= known
    assert read.domain_names == ("shop.example.com", "*.shop.example.com", "team.example.net")
    assert (read.key_algorithm, read.export, list(read.tags)) == ("EC_prime256v1", "ENABLED", [TAG])
    assert [(zone.hosted_zone_id, zone.role_arn, zone.external_id) for zone in read.zones] == (
        [(SHOP, "", ""), (TEAM, ROLE, "shop-1")] if kind == "Zones" else []
    )


def test_the_function_does_what_the_template_asks_for_with_what_it_is_allowed(templates: dict[str, Json]) -> None:
    world, told = RequestWorld(), properties(templates["Zones"])
    world.stack.create(told)
    world.stack.delete()
    acm = {f"acm:{operation}" for operation, _ in world.acm.calls}
    own = {f"route53:{operation}" for operation, _ in world.own.calls}

    granted = {action for each in statements_by_handler(templates["Zones"])[REQUESTS] for action in listed(each)}
    assert granted == acm | own | WITH_TAGS | OF_THE_OTHER_ACCOUNT
    assert {f"route53:{operation}" for operation, _ in world.theirs.calls} == own


def test_the_request_is_the_one_that_the_policy_allows(templates: dict[str, Json]) -> None:
    world = RequestWorld()
    world.stack.create(properties(templates["Zones"]))
    asked = world.only.asked
    (allowed,) = (
        each["Condition"] for each in statements_by_handler(templates["Zones"])[REQUESTS] if each["Sid"] == "Request"
    )
    (tag,) = asked["Tags"]

    assert allowed["StringEquals"] == {
        "acm:KeyAlgorithm": asked["KeyAlgorithm"],
        "acm:ValidationMethod": asked["ValidationMethod"],
        "acm:Export": asked["Options"]["Export"],
        f"aws:RequestTag/{tag['Key']}": tag["Value"],
    }
    names = {asked["DomainName"], *asked["SubjectAlternativeNames"]}
    assert set(allowed["ForAllValues:StringEquals"]["acm:DomainNames"]) == names


def test_the_records_that_the_template_reads_are_answered(templates: dict[str, Json]) -> None:
    world, told = RequestWorld(), properties(templates["Outside"])
    world.stack.create(told)
    read = {
        each["Value"]["Fn::GetAtt"][1] for each in templates["Outside"]["Outputs"].values() if "Description" in each
    }

    assert read == set(world.stack.attributes) - {request.CERTIFICATE_ARN}
    assert VALIDATION_RECORD == request.VALIDATION_RECORD
    assert world.stack.physical_id == world.only.arn


def test_the_gate_tells_the_function_which_certificate_and_reads_it_back(templates: dict[str, Json]) -> None:
    told = only(templates["Gate"], "Custom::IssuedCertificate")["Properties"]
    assert set(told) == {"ServiceToken", "ServiceTimeout", issued.CERTIFICATE_ARN}
    (granted,) = statements_by_handler(templates["Gate"])[LOOKS]
    assert granted["Action"] == "acm:DescribeCertificate"


@pytest.mark.parametrize(("stack", "handler"), [("Zones", REQUESTS), ("Outside", REQUESTS), ("Gate", LOOKS)])
def test_the_handlers_are_told_the_stack_that_cloudformation_asks_for(
    templates: dict[str, Json], stack: str, handler: str
) -> None:
    assert variables_by_handler(templates[stack])[handler] == {STACK_ID: "${AWS::StackId}"}


@pytest.mark.parametrize("handler", [REQUESTS, LOOKS])
def test_the_handlers_are_there(handler: str) -> None:
    module, _, name = handler.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


def test_both_sides_know_the_algorithms_that_acm_issues_and_the_words_for_export() -> None:
    assert {each.value for each in ISSUED_BY_ACM} == set(request_properties.ALGORITHMS)
    assert {each.value for each in Export} == set(request_properties.EXPORTS)


@pytest.mark.parametrize(
    "name", ["example.com", "shop.example.com", "a.shop.example.com", "*.example.com", "*.a.example.com"]
)
def test_both_sides_say_alike_what_a_certificate_covers(name: str) -> None:
    for names in (["example.com"], ["*.example.com"], ["*.shop.example.com", "example.com"], []):
        assert covers(names, name) == covers_in_function(names, name)


def listed(statement: Json) -> list[str]:
    found = statement["Action"]
    return [found] if isinstance(found, str) else found
