from collections.abc import Callable

import aws_cdk as cdk
from constructs import Construct

from constructs_lib.certificates.native_certificate import certificate_by_email, certificate_in_zones
from constructs_lib.certificates.own_tag import TAG, own_tag_value
from constructs_lib.certificates.validation import unsafe_email_validation
from constructs_lib.certificates.validation_zones import ReadZone
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from tests.support.synthesised import Json, only, resources, template_of

ZONE = ReadZone(
    zone_name="example.com",
    hosted_zone_id="Z1",
    identity="Z1",
    delegated=None,
    domain_names=("shop.example.com", "example.com"),
)
CERTIFICATE = "AWS::CertificateManager::Certificate"


def wanted(*names: str, export: Export = Export.NEVER) -> WantedCertificate:
    return WantedCertificate(domain_names=names, key_algorithm=KeyAlgorithm.RSA_2048, export=export)


def properties(stack: cdk.Stack) -> Json:
    found: Json = only(template_of(stack), CERTIFICATE)["Properties"]
    return found


def test_a_wildcard_has_an_option_of_its_own_only_without_its_parent(make_app: Callable[[], cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Shop")
    certificate_in_zones(stack, wanted("*.shop.example.com", "*.example.com", "shop.example.com"), [ZONE])
    told = properties(stack)
    assert [each["DomainName"] for each in told["DomainValidationOptions"]] == ["*.example.com", "shop.example.com"]
    assert (told["DomainName"], told["KeyAlgorithm"]) == ("*.shop.example.com", "RSA_2048")
    assert "CertificateExport" not in told


def test_a_single_name_has_no_alternative_names(make_app: Callable[[], cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Shop")
    certificate_in_zones(stack, wanted("example.com", export=Export.ALLOWED), [ZONE])
    told = properties(stack)
    assert "SubjectAlternativeNames" not in told
    assert told["CertificateExport"] == "ENABLED"


def test_it_carries_a_tag_of_its_own_which_functions_leave_alone(make_app: Callable[[], cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Shop")
    cdk.Tags.of(stack).add("team", "shop")
    first, second = Construct(stack, "First"), Construct(stack, "Second")
    certificate_in_zones(first, wanted("example.com"), [ZONE])
    certificate_by_email(second, wanted("example.com"), unsafe_email_validation(because="no DNS"))
    told = [each["Properties"]["Tags"] for each in resources(template_of(stack), CERTIFICATE).values()]
    assert told == [
        [{"Key": TAG, "Value": own_tag_value(each)}, {"Key": "team", "Value": "shop"}] for each in (first, second)
    ]


def test_nobody_opts_out_of_the_log_of_certificates(make_app: Callable[[], cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Shop")
    certificate_in_zones(stack, wanted("example.com"), [ZONE])
    assert "CertificateTransparencyLoggingPreference" not in properties(stack)


def test_emails_go_to_the_name_itself_unless_told(make_app: Callable[[], cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Shop")
    certificate_by_email(stack, wanted("example.com"), unsafe_email_validation(because="no DNS"))
    told = properties(stack)
    assert told["ValidationMethod"] == "EMAIL"
    assert "DomainValidationOptions" not in told
