"""A cloud assembly on the embedded AWS without the CDK CLI: assets uploaded, stacks created by CloudFormation.

The execution role has the least policies that deploy the assembly, as `cdk bootstrap` would give it.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from constructs_lib.execution_policy.least_policies import execution_policies

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
    assets = _BOOTSTRAPPED.format("assets", aws.account, aws.region)
    s3: Any = session.client("s3")
    # The Region that S3 began in is named by saying none.
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}} if aws.region != "us-east-1" else {}
    s3.create_bucket(Bucket=assets, **elsewhere)
    for manifest in folder.glob("*.assets.json"):
        for file in json.loads(manifest.read_text())["files"].values():
            if file["source"]["packaging"] == "zip":
                (place,) = file["destinations"].values()
                s3.put_object(Bucket=assets, Key=place["objectKey"], Body=_zipped(folder / file["source"]["path"]))
    statements = [statement for policy in execution_policies(folder) for statement in policy["Statement"]]
    role = aws.create_role(
        _BOOTSTRAPPED.format("cfn-exec-role", aws.account, aws.region),
        *statements,
        service="cloudformation.amazonaws.com",
    )
    outputs = {}
    for stack in assembly.stacks:
        # What the CDK CLI would check before it deploys: a bootstrap stack, which there is none of here.
        template = {name: part for name, part in stack.template.items() if name not in {"Parameters", "Rules"}}
        s3.put_object(Bucket=assets, Key=stack.template_file, Body=json.dumps(template).encode())
        url = f"{aws.endpoint_url}/{assets}/{stack.template_file}"
        outputs[stack.stack_name] = _created(session.client("cloudformation"), stack.stack_name, url, role)
    return outputs


def _created(client: Any, name: str, template_url: str, role: str) -> dict[str, str]:
    client.create_stack(
        StackName=name,
        TemplateURL=template_url,
        RoleARN=role,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        OnFailure="DO_NOTHING",
    )
    client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    found = client.describe_stacks(StackName=name)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return packed.getvalue()
