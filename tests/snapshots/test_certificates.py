"""Certificates, and all that serves them, as whole templates: beside the examples, what none of them shows."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from syrupy.assertion import SnapshotAssertion

from constructs_lib.certificates.caa_records import CaaRecords
from constructs_lib.certificates.validation import DelegatedZone, dns_validation, unsafe_email_validation
from constructs_lib.certificates.wanted_certificate import Export
from constructs_lib.managed_certificate import ManagedCertificate
from tests.conftest import configured_app
from tests.support.served_app import served

THEIRS = DelegatedZone(
    zone_name="example.org",
    hosted_zone_id="Z0123456789ABCDEFGHIJ",
    role_arn="arn:aws:iam::444455556666:role/certificates-of-shop",
)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the templates of one app, by what is particular about the certificates of each."""
    app = configured_app(tmp_path_factory.mktemp("cdk.out"))
    ByEmail(app, "ByEmail")
    InZones(app, "InZones")
    InZonesOfTwoAccounts(app, "InZonesOfTwoAccounts")
    return {each.stack_name: each.template for each in app.synth().stacks}


class ByEmail(cdk.Stack):
    """A certificate that somebody validates by answering an e-mail."""

    def __init__(self, app: cdk.App, name: str) -> None:
        super().__init__(app, name)
        validation = unsafe_email_validation(
            because="its DNS takes no CNAME", mailboxes_at={"shop.example.com": "example.com"}
        )
        ManagedCertificate(self, "Certificate", domain_name="shop.example.com", validation=validation)


class InZones(cdk.Stack):
    """A certificate that may leave AWS, in two zones of the account, in which no other authority may issue one."""

    def __init__(self, app: cdk.App, name: str) -> None:
        super().__init__(app, name)
        zone = route53.PublicHostedZone(self, "Zone", zone_name="example.com")
        ManagedCertificate(
            self,
            "Certificate",
            domain_name="shop.example.com",
            alternative_names=["*.shop.example.com", "*.example.net"],
            validation=dns_validation(zone, _given_zone(self, "example.net")),
            caa=CaaRecords.AMAZON,
            export=Export.ALLOWED,
        )


class InZonesOfTwoAccounts(cdk.Stack):
    """A certificate in a zone of the account and in one of another, so that a function requests it."""

    def __init__(self, app: cdk.App, name: str) -> None:
        super().__init__(app, name)
        ManagedCertificate(
            self,
            "Certificate",
            domain_name="shop.example.com",
            alternative_names=["shop.example.org", "*.example.org"],
            validation=dns_validation(_given_zone(self, "example.com"), THEIRS),
            operations_key=kms.Key(self, "LogKey", enable_key_rotation=True),
        )


def _given_zone(stack: cdk.Stack, name: str) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        stack, f"Zone-{name}", hosted_zone_id=f"Z{name.replace('.', '').upper()}", zone_name=name
    )


@pytest.mark.parametrize("stack", ["ByEmail", "InZones", "InZonesOfTwoAccounts"])
def test_the_template_of_a_certificate_is_as_reviewed(
    stack: str, templates: dict[str, Any], template_snapshot: SnapshotAssertion
) -> None:
    assert templates[stack] == template_snapshot


@pytest.mark.parametrize("stack", ["Certificates", "Shop"])
def test_the_template_of_what_serves_certificates_is_as_reviewed(
    stack: str, template_snapshot: SnapshotAssertion
) -> None:
    assert served().templates[stack] == template_snapshot
