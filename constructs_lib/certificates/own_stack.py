"""The stack that a function behind a custom resource works for: its own, and no other."""

import aws_cdk as cdk

# As `certificate_care.custom_resource` reads it.
_STACK_ID = "STACK_ID"


def own_stack() -> dict[str, str]:
    """Return the variable that tells a function its stack.

    Whoever may invoke the function can write an event himself. One that does not name this stack is refused, so that no
    custom resource of another stack, and nothing that was written for another one, has the function work.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
    """
    return {_STACK_ID: cdk.Aws.STACK_ID}
