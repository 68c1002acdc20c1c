"""Certificates of another account than what serves them."""

from typing import Any

import pytest

from constructs_lib.guardrails.certificates_of_another_account import certificates_of_another_account
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.served_certificates import GATE, ServedCertificates
from tests.support.certificate_templates import ACCOUNT, ELSEWHERE, certificate, listener, resource, templates_of

OTHER, FRANKFURT = "444455556666", "eu-central-1"
ROLE = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{ACCOUNT}:role/cdk-hnb659fds-deploy-role-{ACCOUNT}-{FRANKFURT}"}
OF_ANOTHER_STACK = {"StackName": "Far", "OutputName": "OutCert", "Region": FRANKFURT}
BY_ROLE = {"Fn::GetStackOutput": {**OF_ANOTHER_STACK, "RoleArn": ROLE}}


def found(value: Any, *, account: str, make: Any = listener) -> list[tuple[str, str]]:
    far = {"Cert": certificate(), "Gate": resource(GATE, CertificateArn={"Ref": "Cert"})}
    written = templates_of(Far=far, Near={"It": make(value)}).by_path
    deployed = {
        name: DeployedStack(name=name, account=known, region=FRANKFURT)
        for name, known in {"Far": ACCOUNT, "Near": account}.items()
    }
    references = References(CloudTemplates(written, deployed))
    each = certificates_of_another_account(references, ServedCertificates(references).served())
    return [(one.account, one.wanted) for one in each]


def broker(arn: object) -> dict[str, Any]:
    return resource("AWS::Transfer::Server", Certificate=arn)


THROUGH_GATE = {"Fn::GetStackOutput": {**BY_ROLE["Fn::GetStackOutput"], "OutputName": "OutGate"}}


@pytest.mark.parametrize("make", [listener, broker], ids=["listener", "any other service"])
@pytest.mark.parametrize("value", [BY_ROLE, THROUGH_GATE, ELSEWHERE], ids=["of a stack", "through a gate", "by ARN"])
def test_one_of_another_account_is_found_whatever_serves_it(value: Any, make: Any) -> None:
    assert found(value, account=OTHER, make=make) == [(ACCOUNT, OTHER)]


@pytest.mark.parametrize("value", [BY_ROLE, ELSEWHERE], ids=["of a stack", "by ARN"])
@pytest.mark.parametrize("account", [ACCOUNT, ""], ids=["the same account", "told at deployment"])
def test_one_of_the_same_account_or_of_an_unknown_one_is_not_found(value: Any, account: str) -> None:
    assert found(value, account=account) == []


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Parameter"},
        {"Fn::Sub": f"arn:aws:acm:{FRANKFURT}:${{Account}}:certificate/0a1b2c3d"},
        {"Fn::Sub": f"arn:aws:acm:{FRANKFURT}:${{AWS::AccountId}}:certificate/0a1b2c3d"},
    ],
    ids=["parameter", "account of a parameter", "its own account"],
)
def test_what_only_the_deployment_knows_is_no_finding(value: Any) -> None:
    assert found(value, account=OTHER) == []
