import json
from pathlib import Path

import aws_cdk as cdk
import pytest

from constructs_lib.certificates.certificate_resource import CertificateResource, let_other_stacks_refer
from tests.conftest import configured_app


class Certificate(CertificateResource):
    def __init__(self, scope: cdk.Stack) -> None:
        super().__init__(scope, "Certificate")
        self._resource = cdk.CfnResource(self, "Resource", type="AWS::CertificateManager::Certificate")
        let_other_stacks_refer(self._resource)


def use(stack: cdk.Stack, certificate: CertificateResource) -> None:
    cdk.CfnResource(stack, "Use", type="AWS::Serving::Something", properties={"Arn": certificate.certificate_arn})


@pytest.mark.parametrize("reached", ["arn", "reference"])
def test_refuses_that_another_stack_serves_a_certificate_of_a_nested_stack(tmp_path: Path, reached: str) -> None:
    app = configured_app(tmp_path)
    nested = cdk.NestedStack(cdk.NestedStack(cdk.Stack(app, "Shop"), "Outer"), "Inner")
    certificate = Certificate(nested)
    found = certificate.certificate_arn if reached == "arn" else certificate.certificate_ref.certificate_arn
    cdk.CfnOutput(cdk.Stack(app, "Other"), "Arn", value=f"it is {found}")
    with pytest.raises(
        RuntimeError,
        match="scope must be in a top-level stack where another one refers to the certificate, got "
        "Shop/Outer/Inner/Certificate in the nested stack Shop/Outer/Inner, to which Other/Arn refers: define",
    ):
        app.synth()


def test_a_certificate_of_a_nested_stack_serves_in_all_that_are_nested_with_it(tmp_path: Path) -> None:
    app = configured_app(tmp_path)
    shop = cdk.Stack(app, "Shop")
    nested, beside = cdk.NestedStack(shop, "Nested"), cdk.NestedStack(shop, "Beside")
    certificate = Certificate(nested)
    for each in (shop, nested, beside):
        use(each, certificate)
    app.synth()
    top = json.loads((tmp_path / "Shop.template.json").read_text())
    served = top["Resources"]["Use"]["Properties"]["Arn"]["Fn::GetAtt"]
    inner = json.loads((tmp_path / nested.template_file).read_text())
    assert (
        inner["Outputs"][served[1].removeprefix("Outputs.")]["Value"] == inner["Resources"]["Use"]["Properties"]["Arn"]
    )
