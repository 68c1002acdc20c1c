"""The role under which CloudFormation creates a stack's resources, as a key policy names it."""

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in
from constructs_lib.principals import Principal

if TYPE_CHECKING:
    from constructs_lib.naming.token_text import TokenText

_ASKED = "_cdk_key_management_execution_role"
_QUALIFIER = "@aws-cdk/core:bootstrapQualifier"


def deployment_role(stack: "cdk.Stack", text: "TokenText") -> Principal:
    """Return the CloudFormation execution role of a stack's synthesizer.

    It is named by name: bootstrapping anew makes another role of the same name, and the key policy must outlast that.

    Args:
        stack: Where the key is; for a nested stack the outermost one deploys.
        text: Names for the tokens of the key's stack.

    Raises:
        ConfigurationError: If the synthesizer has no such role, so that deployers have to be named.
    """
    arn: str | None = getattr(stack, _ASKED, None)
    if arn is None:
        arn = _execution_role_arn(stack)
        setattr(stack, _ASKED, arn)  # it is the same for every key of the stack
    return Principal.by_name(text.text(arn))


def _execution_role_arn(stack: cdk.Stack) -> str:
    outermost = stack
    while outermost.nested_stack_parent is not None:
        outermost = outermost.nested_stack_parent
    synthesizer = outermost.synthesizer
    try:
        arn = getattr(synthesizer, "cloud_formation_execution_role_arn", None)
    except RuntimeError:
        arn = _written_by_synthesizer(outermost)
    if not arn:
        raise ConfigurationError(
            f"[{stack.node.path}] deployers must be named, since the stack's synthesizer "
            f"{type(synthesizer).__name__} has no CloudFormation execution role"
        )
    return str(arn)


def _written_by_synthesizer(stack: cdk.Stack) -> str | None:
    """Return what the synthesizer writes for such a stack.

    A synthesizer that was given to the stack or the app is bound to the stack in a copy, which jsii takes for the
    original; that one refuses, since it is bound to nothing. So it is asked about a stack of the same environment
    in an app that nobody sees.
    """
    known = {
        name: value for name, value in (("account", stack.account), ("region", stack.region)) if not tokens_in(value)
    }
    qualifier = stack.node.try_get_context(_QUALIFIER)
    with TemporaryDirectory() as directory:
        app = cdk.App(
            analytics_reporting=False,
            auto_synth=False,
            context={_QUALIFIER: qualifier} if qualifier else {},
            outdir=directory,
        )
        stage = cdk.Stage(app, "Stage")  # synthesised alone, it is not validated
        cdk.Stack(stage, "Stack", env=cdk.Environment(**known), synthesizer=stack.synthesizer)
        (written,) = stage.synth().stacks
        return written.cloud_formation_execution_role_arn
