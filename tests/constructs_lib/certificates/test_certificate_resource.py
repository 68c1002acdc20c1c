import json
from pathlib import Path

import aws_cdk as cdk
import pytest

from constructs_lib.certificates.certificate_resource import let_other_stacks_refer, name_after
from tests.conftest import configured_app


def resource(stack: cdk.Stack) -> cdk.CfnResource:
    return cdk.CfnResource(stack, "Resource", type="AWS::CertificateManager::Certificate")


def test_another_fingerprint_is_another_logical_id_and_the_same_is_the_same() -> None:
    named = []
    for fingerprint in ("0a1b", "0a1b", "2c3d"):
        stack = cdk.Stack(cdk.App(analytics_reporting=False), "Shop")
        made = resource(stack)
        name_after(made, fingerprint)
        named.append(stack.resolve(made.ref)["Ref"])
    assert named == ["Resource0a1b", "Resource0a1b", "Resource2c3d"]


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_another_stack_reads_an_output_that_nothing_keeps_from_changing(tmp_path: Path, region: str) -> None:
    app = configured_app(tmp_path)
    here = cdk.Stack(app, "Here", env=cdk.Environment(account="111122223333", region="us-east-1"))
    there = cdk.Stack(app, "There", env=cdk.Environment(account="111122223333", region=region))
    made = resource(here)
    let_other_stacks_refer(made)
    cdk.CfnOutput(there, "Arn", value=made.ref)
    app.synth()
    read = json.loads((tmp_path / "There.template.json").read_text())["Outputs"]["Arn"]["Value"]["Fn::GetStackOutput"]
    outputs = json.loads((tmp_path / "Here.template.json").read_text())["Outputs"]
    assert (read["StackName"], read.get("Region", "us-east-1")) == ("Here", "us-east-1")
    assert outputs == {read["OutputName"]: {"Value": {"Ref": "Resource"}}}
