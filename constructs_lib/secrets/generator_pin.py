"""GeneratorPin: a changed generator stops the deployment, instead of replacing the value of a live secret.

CloudFormation draws a new value whenever `GenerateSecretString` changes, and says nothing. So the secret waits for a
condition whose handle has the digest of the generator in its logical id. Another generator is another handle, thus a
changed condition, which CloudFormation refuses before it touches the secret: "Update to resource type
AWS::CloudFormation::WaitCondition is not supported". A condition with a count of zero is met at once and costs nothing.
"""

import hashlib
import json
from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from constructs_lib.naming.token_text import TokenText
    from constructs_lib.secrets.generated import Generated

_DIGITS = 12


def generator_digest(content: "Generated", text: "TokenText") -> str:
    """Return what stands for a generator, the same on every machine.

    Args:
        content: What is drawn.
        text: Names for the tokens of the stack: a field may name another secret.
    """
    said = text.text(json.dumps(content.generate_secret_string, sort_keys=True))
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]


def pin_generator(
    scope: "Construct", secret: "secretsmanager.CfnSecret", content: "Generated", text: "TokenText"
) -> None:
    """Have CloudFormation refuse another generator for a secret, unless `generation` says so.

    A condition is as old as its generation: the next one is another resource, which is made without an update.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html

    Args:
        scope: The construct of the secret.
        secret: What waits.
        content: What is drawn.
        text: Names for the tokens of the stack.
    """
    generation = f"Generation{content.generation}"
    handle = cdk.CfnWaitConditionHandle(scope, f"{generation}Of{generator_digest(content, text)}")
    pin = cdk.CfnWaitCondition(scope, f"{generation}Pin", handle=handle.ref, timeout="1", count=0)
    secret.add_resource_dependency(pin)
