"""The example that signs a release, deployed under the least execution policy: signed with KMS, verified without."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature

from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import LocalAws
from tests.support.stack_operation import StackOperation, error_code

pytestmark = pytest.mark.deploy

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "sign_and_verify.py"


@pytest.fixture(scope="module")
def example() -> Any:
    spec = importlib.util.spec_from_file_location("sign_and_verify", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def kms(example: Any, aws: LocalAws, make_app: Callable[..., cdk.App]) -> dict[str, Any]:
    """Deploy the example and return KMS clients of its roles."""
    app = make_app()
    example.define(app)
    assembly = app.synth()
    statements = [each for policy in execution_policies(Path(assembly.directory)) for each in policy["Statement"]]
    deployer = aws.create_role("releases-deployer", *statements, service="cloudformation.amazonaws.com")
    resources = assembly.get_stack_by_name("Releases").template["Resources"]
    roles = {name: name[:-8] for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"}
    arns = {who: {"Fn::GetAtt": [name, "Arn"]} for name, who in roles.items()}
    created = StackOperation(aws.session(), deployer).create(resources, arns, name="Releases")
    assert created.status == "CREATE_COMPLETE", created.failures
    return {who: aws.session(aws.assume(arn)).client("kms") for who, arn in created.outputs.items()}


def test_who_has_the_public_key_verifies_what_ci_signed_and_nothing_else(
    example: Any, kms: dict[str, Any], tmp_path: Path
) -> None:
    artefact, public_key = tmp_path / "app.tar.gz", tmp_path / "releases.pem"
    artefact.write_bytes(bytes(range(256)) * 1000)  # more than KMS takes as a message

    signature = example.sign(kms["Ci"], artefact)
    example.publish(kms["Publisher"], public_key)

    example.verify(artefact, public_key)
    with pytest.raises(ClientError) as refused:
        example.sign(kms["Publisher"], artefact)
    assert error_code(refused.value) == "AccessDeniedException"
    with pytest.raises(ClientError) as refused:
        example.publish(kms["Ci"], tmp_path / "other.pem")
    assert error_code(refused.value) == "AccessDeniedException"

    signed = signature.read_bytes()
    signature.write_bytes(bytes([*signed[:-1], signed[-1] ^ 1]))
    with pytest.raises(InvalidSignature):
        example.verify(artefact, public_key)
    signature.write_bytes(signed)
    artefact.write_bytes(artefact.read_bytes() + b"x")
    with pytest.raises(InvalidSignature):
        example.verify(artefact, public_key)
