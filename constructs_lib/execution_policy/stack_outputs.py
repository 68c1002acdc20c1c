"""`Fn::GetStackOutput`: where a template reads outputs of other stacks, and what the execution role needs for it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from constructs_lib.actions import ASSUME_ROLE, READ_STACK_OUTPUTS
from constructs_lib.execution_policy.handler_permissions import Permission

if TYPE_CHECKING:
    from constructs_lib.execution_policy.template_arns import Place

FUNCTION = "Fn::GetStackOutput"


def place_of(arguments: Mapping[str, Any], place: "Place") -> "Place":
    """Return where the other stack is: in the same account and Region unless the arguments say otherwise.

    Args:
        arguments: Of the function.
        place: Where the template is deployed.
    """
    region = _literal(arguments["Region"]) if "Region" in arguments else place.region
    return replace(place, region=region, account="*" if "RoleArn" in arguments else place.account)


def reading_permissions(value: object, place: "Place") -> Iterator[Permission]:
    """Yield what the execution role needs for each output that is read somewhere in a part of a template.

    Args:
        value: The part, or the whole template.
        place: Where the template is deployed.
    """
    if isinstance(value, list):
        for item in value:
            yield from reading_permissions(item, place)
    elif isinstance(value, Mapping):
        if FUNCTION in value:
            yield _reading(value[FUNCTION], place)
        for item in value.values():
            yield from reading_permissions(item, place)


def _reading(arguments: Mapping[str, Any], place: "Place") -> Permission:
    if "RoleArn" in arguments:
        role = _literal(arguments["RoleArn"])
        return Permission(action=ASSUME_ROLE, resources=(role if role.startswith("arn:") else "arn:*:iam::*:role/*",))
    there = place_of(arguments, place)
    stack = f"stack/{_literal(arguments['StackName'])}/*"
    arn = f"arn:{there.partition}:cloudformation:{there.region}:{there.account}:{stack}"
    return Permission(action=READ_STACK_OUTPUTS, resources=(arn,))


def _literal(value: object) -> str:
    return value if isinstance(value, str) else "*"
