"""The real CDK CLI deploys, updates, fails, destroys and imports, under a derived execution policy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import DeploymentError, LocalAws

pytestmark = pytest.mark.deploy

CODE = "def handler(event, context):\n    return 'deployed'\n"


def _key_stack(app: cdk.App, account: str, description: str) -> cdk.Stack:
    stack = cdk.Stack(app, "KeyStack")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    key = kms.CfnKey(stack, "Key", key_policy=policy, description=description)
    alias = kms.CfnAlias(stack, "Alias", alias_name="alias/deployed", target_key_id=key.attr_key_id)
    for resource in (key, alias):
        resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    cdk.CfnOutput(stack, "KeyId", value=key.attr_key_id)
    return stack


def _workload_stack(app: cdk.App, folder: Path) -> None:
    stack = cdk.Stack(app, "WorkloadStack")
    folder.mkdir(exist_ok=True)
    (folder / "index.py").write_text(CODE)
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    role = iam.CfnRole(stack, "Role", assume_role_policy_document=trust, path="/workload/")
    function = lambda_.Function(
        stack,
        "Function",
        code=lambda_.Code.from_asset(str(folder)),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        role=iam.Role.from_role_arn(stack, "Given", role.attr_arn),
    )
    cdk.CfnOutput(stack, "FunctionName", value=function.function_name)


@pytest.fixture(scope="module")
def synthesise(tmp_path_factory: pytest.TempPathFactory, aws: LocalAws) -> Callable[..., Path]:
    def make(*, description: str = "first", workload: bool = True) -> Path:
        folder = tmp_path_factory.mktemp("app")
        app = cdk.App(
            outdir=str(folder / "cdk.out"),
            analytics_reporting=False,
            tree_metadata=False,
            builtin_cloud_formation_validation=False,
        )
        _key_stack(app, aws.account, description)
        if workload:
            _workload_stack(app, folder / "code")
        app.synth()
        return folder / "cdk.out"

    return make


@pytest.fixture(scope="module")
def bootstrapped(aws: LocalAws, synthesise: Callable[..., Path]) -> LocalAws:
    aws.bootstrap(*execution_policies(synthesise()))
    return aws


def _described(aws: LocalAws, key_id: str) -> Any:
    return aws.session().client("kms").describe_key(KeyId=key_id)["KeyMetadata"]


def test_an_app_lives_its_life(bootstrapped: LocalAws, synthesise: Callable[..., Path], tmp_path: Path) -> None:
    aws, first = bootstrapped, synthesise()

    outputs = aws.deploy(first)
    function = outputs["WorkloadStack"]["FunctionName"]
    answer = aws.session().client("lambda").invoke(FunctionName=function)
    assert json.load(answer["Payload"]) == "deployed"

    key_id = outputs["KeyStack"]["KeyId"]
    changed = synthesise(description="second")
    assert aws.deploy(changed)["KeyStack"]["KeyId"] == key_id
    assert _described(aws, key_id)["Description"] == "second"

    aws.destroy(changed)
    assert _described(aws, "alias/deployed")["KeyState"] == "Enabled"

    with pytest.raises(DeploymentError, match=r"alias/deployed already exists"):
        aws.deploy(changed, "KeyStack")
    # `cdk import` sees nothing to do while the stack that failed is there.
    aws.destroy(changed, "KeyStack")

    mapping = tmp_path / "kept.json"
    mapping.write_text(json.dumps({"Key": {"KeyId": key_id}, "Alias": {"AliasName": "alias/deployed"}}))
    aws.take_back(changed, "KeyStack", mapping)
    assert aws.deploy(synthesise(description="third"))["KeyStack"]["KeyId"] == key_id
    assert _described(aws, "alias/deployed")["Description"] == "third"


def test_refuses_what_the_execution_policy_does_not_allow(bootstrapped: LocalAws, tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path / "cdk.out"), builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "OtherStack")
    cdk.CfnResource(stack, "Topic", type="AWS::SNS::Topic")
    app.synth()

    with pytest.raises(DeploymentError, match="not authorized to perform: sns:CreateTopic"):
        bootstrapped.deploy(tmp_path / "cdk.out")
