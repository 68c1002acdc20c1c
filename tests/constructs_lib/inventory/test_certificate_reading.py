"""What the resource of a certificate says of it."""

from typing import Any

import pytest

from constructs_lib.guardrails.served_certificates import IMPORTED, REQUESTED
from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.certificate_reading import CertificateReading, read_certificate
from constructs_lib.inventory.listed_certificate import Origin
from tests.support.certificate_templates import certificate, references_of, resource

ZONE = resource("AWS::Route53::HostedZone", "App/Zone/Resource", Name="example.com.")
NATIVE = "AWS::CertificateManager::Certificate"


def read(made: dict[str, Any]) -> CertificateReading:
    return read_certificate(references_of(S={"Cert": made, "Zone": ZONE}), Located("S", "Cert"))


def options(*zones: Any) -> list[dict[str, Any]]:
    return [{"DomainName": "example.com", "HostedZoneId": zone} for zone in zones]


def test_a_requested_certificate_is_told_whole() -> None:
    found = read(
        certificate(
            SubjectAlternativeNames=["www.example.com", "example.com"],
            KeyAlgorithm="EC_prime256v1",
            CertificateExport="ENABLED",
            DomainValidationOptions=options({"Ref": "Zone"}, {"Ref": "Zone"}, "Z0123"),
            Tags=[{"Key": "owner", "Value": "shop"}],
        )
    )

    assert found == CertificateReading(
        origin=Origin.REQUESTED,
        domain_names=("example.com", "www.example.com"),
        key_algorithm="EC_prime256v1",
        validation="by DNS records in example.com (App/Zone) and hosted zone Z0123",
        renewal="by ACM, while its validation records stand and something serves it",
        is_exportable=True,
        secret=None,
        tags={"owner": "shop"},
    )


def test_what_is_unsaid_is_what_acm_does() -> None:
    found = read(resource(NATIVE, DomainName="example.com"))

    assert (found.key_algorithm, found.validation, found.is_exportable) == ("RSA_2048", "by e-mail", False)
    assert found.renewal == "by whoever answers ACM's e-mail, each time"


def test_one_of_our_function_tells_its_zones_and_who_writes_there() -> None:
    role = "arn:aws:iam::444455556666:role/zone-writer"
    zones = [
        {"HostedZoneId": {"Ref": "Zone"}, "DomainNames": ["example.com"]},
        {"HostedZoneId": "Z0123", "DomainNames": ["example.org"], "RoleArn": role},
    ]

    found = read(resource(REQUESTED, DomainName="example.com", Zones=zones, Export="ENABLED"))

    assert found.validation == f"by DNS records in example.com (App/Zone) and hosted zone Z0123 through {role}"
    assert found.is_exportable


@pytest.mark.parametrize("made", [certificate(), resource(REQUESTED, DomainName="a.example.com")], ids=["raw", "ours"])
def test_one_without_zones_waits_for_somebody(made: dict[str, Any]) -> None:
    assert read(made).validation == "by DNS records that somebody puts by hand"


def test_a_private_one_is_not_validated_and_can_be_exported() -> None:
    found = read(resource(NATIVE, DomainName="db.internal", CertificateAuthorityArn="arn:aws:acm-pca:x"))

    assert (found.origin, found.is_exportable) == (Origin.PRIVATE, True)
    assert found.validation.startswith("not at all")


def test_an_imported_one_tells_what_it_must_cover_and_its_secret() -> None:
    checks = {
        "SECRET_ARN": {"Ref": "Secret"},
        "DOMAIN_NAMES": "a.example.com,b.example.com",
        "KEY_ALGORITHMS": "RSA_2048",
    }

    found = read(resource(IMPORTED, Checks=checks))

    assert (found.origin, found.domain_names) == (Origin.IMPORTED, ("a.example.com", "b.example.com"))
    assert (found.key_algorithm, found.is_exportable) == ("RSA_2048", False)
    assert found.secret == ("S", {"Ref": "Secret"})
    assert read(resource(IMPORTED, Checks={})).key_algorithm == "any that ACM takes"
