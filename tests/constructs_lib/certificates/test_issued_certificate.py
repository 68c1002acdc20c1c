from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.certificates.issued_certificate import IssuedCertificate
from constructs_lib.functions.function_settings import read_function_settings
from constructs_lib.wiring.certificate_facts import CertificateFacts, KeyAlgorithm, Renewal
from tests.support.synthesised import only, resources, template_of

ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
FACTS = CertificateFacts(
    domain_names=("shop.example.com",), key_algorithm=KeyAlgorithm.ECDSA_P256, renewal=Renewal.BY_ACM, region=None
)


def test_what_uses_it_waits_for_the_gate_and_cloudformation_for_the_function(make_app: Callable[[], cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Shop")
    made = IssuedCertificate(
        stack,
        "Issued",
        certificate_arn=ARN,
        facts=FACTS,
        fingerprint="0a1b2c3d",
        operations_key=kms.Key(stack, "LogKey"),
        settings=read_function_settings({"timeout": cdk.Duration.minutes(3)}),
    )
    used = stack.resolve(made.certificate_arn)
    template = template_of(stack)
    ((gate, told),) = resources(template, "Custom::IssuedCertificate").items()

    assert used == {"Fn::GetAtt": [gate, "CertificateArn"]}
    assert gate.endswith("0a1b2c3d")
    assert (told["Properties"]["CertificateArn"], told["Properties"]["ServiceTimeout"]) == (ARN, 240)
    assert only(template, "AWS::Lambda::Function")["Properties"]["Timeout"] == 180
    assert made.certificate_facts is FACTS
