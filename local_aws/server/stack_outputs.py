"""`Fn::GetStackOutput` reads the stack of the Region that it names, with the permission of the execution role.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html:
ministack looks in the Region of the stack that reads, whatever the function says, and asks nobody.
"""

from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from local_aws.server.caller import caller, is_acting_as_role
from local_aws.server.decision import Question, refusal

_FUNCTION = "Fn::GetStackOutput"

_resolve_of_ministack = engine._resolve_refs


def extend() -> None:
    """Resolve the function before ministack does."""
    for module in (engine, changesets, handlers, stacks):
        module._resolve_refs = _resolve


def _resolve(value: Any, *rest: Any) -> Any:  # noqa: ANN401  # ministack's own signature
    if isinstance(value, Mapping) and _FUNCTION in value:
        arguments = {name: _resolve_of_ministack(each, *rest) for name, each in value[_FUNCTION].items()}
        return _output(str(arguments["StackName"]), str(arguments["OutputName"]), arguments.get("Region"))
    return _resolve_of_ministack(value, *rest)


def _output(stack_name: str, name: str, region: object) -> str:
    where = str(region or get_region())
    arn = f"arn:aws:cloudformation:{where}:{get_account_id()}:stack/{stack_name}/*"
    with request_scope(get_account_id(), where):
        if is_acting_as_role():
            refused = refusal(Question(action="cloudformation:DescribeStacks", resource=arn), caller())
            if refused is not None:
                raise ValueError(refused)
        stack = cloudformation._stacks.get(stack_name)
    for output in stack.get("Outputs", ()) if stack is not None else ():
        if output["OutputKey"] == name:
            return str(output["OutputValue"])
    raise ValueError(f"Output {name} of stack {stack_name} does not exist in {where}")
