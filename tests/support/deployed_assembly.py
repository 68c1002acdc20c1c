"""A cloud assembly on the embedded AWS without the CDK CLI: assets uploaded, stacks created by CloudFormation.

The execution role has the least policies that deploy the assembly, as `cdk bootstrap` would give it.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from constructs_lib.execution_policy.least_policies import execution_policies
from tests.support.carried_exports import CarriedExports

if TYPE_CHECKING:
    from aws_cdk import cx_api

    from local_aws import LocalAws

_BOOTSTRAPPED = "cdk-hnb659fds-{}-{}-{}"


def deploy_assembly(aws: "LocalAws", assembly: "cx_api.CloudAssembly") -> dict[str, dict[str, str]]:
    """Deploy every stack in order and return the outputs of each.

    Args:
        aws: An embedded AWS that is not bootstrapped.
        assembly: What an app synthesised.

    Returns:
        The outputs, by the names of stacks and outputs.
    """
    session, folder = aws.session(), Path(assembly.directory)
    regions = {stack.stack_name: _region(aws, stack) for stack in assembly.stacks}
    assets: dict[str, str] = {}
    for region in sorted(set(regions.values())):
        assets[region] = _BOOTSTRAPPED.format("assets", aws.account, region)
        # The Region that S3 began in is named by saying none.
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != "us-east-1" else {}
        buckets: Any = session.client("s3", region_name=region)
        buckets.create_bucket(Bucket=assets[region], **elsewhere)
    _upload(aws, folder, assets)
    statements = [statement for policy in execution_policies(folder) for statement in policy["Statement"]]
    roles = {
        region: aws.create_role(
            _BOOTSTRAPPED.format("cfn-exec-role", aws.account, region),
            *statements,
            service="cloudformation.amazonaws.com",
        )
        for region in assets
    }
    outputs, carried = {}, CarriedExports()
    for stack in assembly.stacks:
        # What the CDK CLI would check before it deploys: a bootstrap stack, which there is none of here.
        template = {name: part for name, part in stack.template.items() if name not in {"Parameters", "Rules"}}
        template = carried.rewrite(template)
        region = regions[stack.stack_name]
        bucket, client = assets[region], session.client("cloudformation", region_name=region)
        s3: Any = session.client("s3", region_name=region)
        s3.put_object(Bucket=bucket, Key=stack.template_file, Body=json.dumps(template).encode())
        url = f"{aws.endpoint_url}/{bucket}/{stack.template_file}"
        outputs[stack.stack_name] = carried.take(_created(client, stack.stack_name, url, roles[region]))
    return outputs


def _region(aws: "LocalAws", stack: "cx_api.CloudFormationStackArtifact") -> str:
    """Say where a stack goes: to the Region of the embedded AWS unless it names one."""
    named: str = stack.environment.region
    return aws.region if named == "unknown-region" else named


def _upload(aws: "LocalAws", folder: Path, buckets: Mapping[str, str]) -> None:
    for manifest in folder.glob("*.assets.json"):
        for file in json.loads(manifest.read_text())["files"].values():
            if file["source"]["packaging"] == "zip":
                (place,) = file["destinations"].values()
                region = place.get("region", aws.region)
                s3: Any = aws.session().client("s3", region_name=region)
                body = _zipped(folder / file["source"]["path"])
                s3.put_object(Bucket=buckets[region], Key=place["objectKey"], Body=body)


def _created(client: Any, name: str, template_url: str, role: str) -> dict[str, str]:
    client.create_stack(
        StackName=name,
        TemplateURL=template_url,
        RoleARN=role,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        OnFailure="DO_NOTHING",
    )
    client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600})
    found = client.describe_stacks(StackName=name)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return packed.getvalue()
