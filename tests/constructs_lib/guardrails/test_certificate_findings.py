"""The rules about certificates in whole apps: what they say, and what can be acknowledged."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.guardrails.certificate_findings import (
    BY_MAIL,
    OLD_TLS,
    OPT_OUT,
    PLAIN_HTTP,
    RULES,
    WEAK_KEY,
    WRONG_ACCOUNT,
    WRONG_REGION,
    certificates,
)
from constructs_lib.guardrails.plugin import KeyGuardrails, guard_certificates
from tests.support.certificate_templates import ACCOUNT, certificate, distribution, listener, templates_of
from tests.support.synthesised import violations

CERT = {"Ref": "Cert"}
OTHER = "444455556666"
FOREIGN = f"arn:aws:acm:eu-central-1:{OTHER}:certificate/a"
FORWARD = {"Type": "forward", "TargetGroupArn": "arn:group"}
WRONG = {
    "Cert": certificate(
        "App/Cert/Resource",
        KeyAlgorithm="RSA_1024",
        CertificateTransparencyLoggingPreference="DISABLED",
        ValidationMethod="EMAIL",
    ),
    "Https": listener(CERT, "App/Https/Resource", SslPolicy="ELBSecurityPolicy-2016-08"),
    "Http": listener(None, "App/Http/Resource", DefaultActions=[FORWARD]),
    "Site": distribution(CERT, "App/Site/Resource"),
    "Foreign": listener(FOREIGN, "App/Foreign/Resource", Port=8443),
}


def test_each_rule_says_what_is_wrong_where() -> None:
    found = list(certificates(templates_of({"S": "eu-central-1"}, S=WRONG)))

    assert [(each.rule_name, each.severity, each.description) for each in found] == [
        (WEAK_KEY, "fatal", "App/Cert asks for a key of RSA_1024, which is too short"),
        (OPT_OUT, "error", "App/Cert opts out of certificate transparency logging, which ACM does all the same"),
        (BY_MAIL, "error", "App/Cert is validated by e-mail, so somebody must answer for each renewal"),
        (OLD_TLS, "error", "App/Https negotiates ELBSecurityPolicy-2016-08, which takes TLS older than 1.2"),
        (PLAIN_HTTP, "error", "App/Http forwards plain HTTP beside HTTPS"),
        (WRONG_REGION, "fatal", "App/Site serves App/Cert of eu-central-1 and takes certificates of us-east-1"),
        (
            WRONG_ACCOUNT,
            "fatal",
            f"App/Foreign of account {ACCOUNT} serves {FOREIGN} of account {OTHER}, and ACM shares no certificates",
        ),
    ]
    assert {each.rule_name for each in found} == set(RULES) <= set(KeyGuardrails().rule_ids)
    assert all(each.fix for each in found)


def test_an_unsaid_policy_is_told_as_such() -> None:
    made = {"Cert": certificate(), "Https": listener(CERT, "App/Https/Resource", SslPolicy={"Ref": "AWS::NoValue"})}

    ((found),) = certificates(templates_of(S=made))

    assert found.description == (
        "App/Https negotiates ELBSecurityPolicy-2016-08, the policy of what names none, which takes TLS older than 1.2"
    )


def test_a_distribution_that_names_no_policy_is_told_as_such() -> None:
    made = {"Cert": certificate(), "Site": distribution(CERT, "S/Site", ViewerCertificate={"AcmCertificateArn": CERT})}

    ((found),) = certificates(templates_of(S=made))

    assert (found.rule_name, found.description) == (
        OLD_TLS,
        "S/Site names no TLS policy, and its service tells of none that it then has",
    )


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "S")


def by_mail(stack: cdk.Stack, **properties: Any) -> cdk.CfnResource:
    given = {"DomainName": "example.com", "ValidationMethod": "EMAIL", **properties}
    return cdk.CfnResource(stack, "C", type="AWS::CertificateManager::Certificate", properties=given)


def test_an_app_without_certificates_of_ours_is_left_alone(stack: cdk.Stack) -> None:
    by_mail(stack)

    assert violations(stack) == []


def test_an_app_with_one_is_checked(stack: cdk.Stack) -> None:
    by_mail(stack)
    guard_certificates(stack)

    assert [rule for rule, _ in violations(stack)] == [BY_MAIL]


def test_what_was_asked_for_is_acknowledged_on_its_resource(stack: cdk.Stack) -> None:
    guard_certificates(stack)
    asked = cdk.Acknowledgment(id=f"Key-Management::{BY_MAIL}", reason="the owner of this zone answers mails only")
    cdk.Validations.of(by_mail(stack)).acknowledge(asked)

    assembly = stack.node.root.synth()  # type: ignore[attr-defined]  # the root is an App

    report = json.loads(Path(assembly.directory, "validation-report.json").read_text())
    assert asked.reason in json.dumps(report)


def test_refuses_a_certificate_of_another_account_in_an_app(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    shop, other = (
        cdk.Stack(app, name, env=cdk.Environment(account=account, region="eu-central-1"))
        for name, account in {"Shop": ACCOUNT, "Other": OTHER}.items()
    )
    certificate_of_shop = by_mail(shop, ValidationMethod="DNS")
    cdk.CrossStackReferences.of(certificate_of_shop).produce(cdk.ReferenceStrength.WEAK)
    cdk.CfnResource(
        other,
        "Tls",
        type="AWS::ElasticLoadBalancingV2::ListenerCertificate",
        properties={"Certificates": [{"CertificateArn": certificate_of_shop.ref}], "ListenerArn": "arn:listener"},
    )
    guard_certificates(shop)

    assert [rule for rule, _ in violations(other)] == [WRONG_ACCOUNT]


def test_refuses_to_be_silenced_about_a_key_that_is_too_short(stack: cdk.Stack) -> None:
    guard_certificates(stack)
    weak = by_mail(stack, ValidationMethod="DNS", KeyAlgorithm="RSA_1024")
    cdk.Validations.of(weak).acknowledge(cdk.Acknowledgment(id=f"Key-Management::{WEAK_KEY}", reason="x" * 20))

    assert [rule for rule, _ in violations(stack)] == [WEAK_KEY]
