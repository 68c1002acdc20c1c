"""What a certificate's own properties are refused for."""

from typing import Any

import pytest

from constructs_lib.guardrails.certificate_properties import opted_out, validated_by_mail, weak_keys
from constructs_lib.guardrails.served_certificates import REQUESTED
from constructs_lib.guardrails.template_values import Located
from tests.support.certificate_templates import certificate, references_of, resource

RULES = {"weak": weak_keys, "opted out": opted_out, "mail": validated_by_mail}
NATIVE = "AWS::CertificateManager::Certificate"


def found(made: dict[str, Any]) -> list[str]:
    return [name for name, rule in RULES.items() if [each.place for each in rule(references_of(S={"C": made}))] != []]


def test_a_certificate_about_which_nothing_is_wrong_is_not_told() -> None:
    assert found(certificate()) == []
    assert found(resource(REQUESTED, DomainName="example.com", KeyAlgorithm="EC_prime256v1")) == []


@pytest.mark.parametrize(
    ("properties", "rule"),
    [
        ({"KeyAlgorithm": "RSA_1024"}, "weak"),
        ({"CertificateTransparencyLoggingPreference": "DISABLED"}, "opted out"),
        ({"ValidationMethod": "EMAIL"}, "mail"),
    ],
    ids=["weak", "opted out", "mail"],
)
def test_each_rule_finds_its_own(properties: dict[str, Any], rule: str) -> None:
    assert found(certificate(**properties)) == [rule]


def test_one_that_says_no_validation_is_validated_by_mail() -> None:
    ((told),) = validated_by_mail(references_of(S={"C": resource(NATIVE, DomainName="example.com")}))

    assert told.place == Located("S", "C")
    assert "since it says no ValidationMethod" in told.what


def test_a_function_that_requests_asks_for_no_weak_key_either() -> None:
    assert found(resource(REQUESTED, KeyAlgorithm="RSA_1024")) == ["weak"]


@pytest.mark.parametrize("name", ["KeyAlgorithm", "CertificateTransparencyLoggingPreference", "ValidationMethod"])
def test_what_only_the_deployment_knows_is_no_finding(name: str) -> None:
    assert found(certificate(**{name: {"Ref": "Parameter"}})) == []


def test_a_private_certificate_is_neither_logged_nor_validated() -> None:
    private = {"CertificateAuthorityArn": "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/x"}
    logged = {"CertificateTransparencyLoggingPreference": "DISABLED"}

    assert found(resource(NATIVE, DomainName="example.com", **private, **logged)) == []
