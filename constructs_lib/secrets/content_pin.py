"""ContentPin: another content or name stops the deployment, instead of replacing the value of a live secret.

CloudFormation draws a new value whenever `GenerateSecretString` changes or is added, makes another secret for another
name, and says nothing. So the secret waits for a condition whose handle has the digest of its content and its name in
the logical id. Another content is another handle, thus a changed condition, which CloudFormation refuses before it
touches the secret: "Update to resource type AWS::CloudFormation::WaitCondition is not supported". A condition with a
count of zero is met at once and costs nothing.
"""

import hashlib
import json
from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from constructs_lib.naming.token_text import TokenText
    from constructs_lib.secrets.secret_content import Content

_DIGITS = 12


def content_digest(content: "Content", secret_name: str | None, text: "TokenText") -> str:
    """Return what stands for a content under a name, the same on every machine.

    Args:
        content: What the secret holds.
        secret_name: Its name; None if CloudFormation draws it.
        text: Names for the tokens of the stack: a field may name another secret.
    """
    said = text.text(json.dumps([content.pinned, secret_name], sort_keys=True))
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]


def pin_content(
    scope: "Construct",
    secret: "secretsmanager.CfnSecret",
    content: "Content",
    *,
    secret_name: str | None,
    text: "TokenText",
) -> None:
    """Have CloudFormation refuse another content or name for a secret, unless `generation` says so.

    A condition is as old as its generation, whatever kind the content is of: the next one is another resource, which is
    made without an update.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html

    Args:
        scope: The construct of the secret.
        secret: What waits.
        content: What it holds.
        secret_name: Its name; None if CloudFormation draws it.
        text: Names for the tokens of the stack.
    """
    generation = f"Generation{content.generation}"
    handle = cdk.CfnWaitConditionHandle(scope, f"{generation}Of{content_digest(content, secret_name, text)}")
    pin = cdk.CfnWaitCondition(scope, f"{generation}Pin", handle=handle.ref, timeout="1", count=0)
    secret.add_resource_dependency(pin)
