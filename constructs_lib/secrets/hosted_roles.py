"""What the role of a hosted rotation may be called, which CloudFormation draws during the deployment."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.execution_policy.template_arns import KEPT_OF_LONG_NAMES

if TYPE_CHECKING:
    from constructs import IConstruct


def hosted_roles(secret: "IConstruct") -> str:
    """Return the pattern of the ARNs that such a role may have.

    The macro puts it into a nested stack, whose name begins with that of the outermost one, cut where it is long.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html

    Args:
        secret: Whose rotation is hosted.
    """
    outermost = cdk.Stack.of(secret)
    account = outermost.account
    while outermost.nested_stack_parent is not None:
        outermost = outermost.nested_stack_parent
    name = outermost.stack_name
    certain = f"{name}-" if len(name) <= KEPT_OF_LONG_NAMES else name[:KEPT_OF_LONG_NAMES]
    return f"arn:{cdk.Aws.PARTITION}:iam::{account}:role/{certain}*"
