"""A custom resource fails as CloudFormation says it, and what it half made is deleted again.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html. On AWS the deletion is
part of the rollback; here it comes before the resource's event. ministack forgets the physical id of a failed creation,
takes a response of any size, and invokes the function in nobody's name.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import custom_resource, provisioners

from local_aws.server.caller import caller
from local_aws.server.decision import Question, refusal

_MOST_BYTES = 4096
_FAILED: dict[str, dict[str, Any]] = {}

_deliver_as_ministack = custom_resource.deliver_response
_invoke_as_ministack = custom_resource.invoke_custom_resource


def extend() -> None:
    """Stand between CloudFormation and the functions, and between the functions and CloudFormation."""
    custom_resource.deliver_response = _deliver
    custom_resource.invoke_custom_resource = _invoke


def _deliver(token: str, response: dict[str, Any]) -> bool:
    delivered: bool = _deliver_as_ministack(token, _judged(response))
    return delivered


def _judged(response: dict[str, Any]) -> dict[str, Any]:
    """Make a failure of a response that CloudFormation does not take."""
    problem = ""
    if len(json.dumps(response)) > _MOST_BYTES:
        problem = "Response object is too long."
    elif response.get("Status") == "SUCCESS" and not response.get("PhysicalResourceId"):
        problem = "Invalid PhysicalResourceId"
    elif response.get("Status") == "FAILED":
        problem = (
            "Received response status [FAILED] from custom resource. Message returned: "
            f"{response.get('Reason')} (RequestId: {response.get('RequestId')})"
        )
    if not problem:
        return response
    judged = {**response, "Status": "FAILED", "Reason": problem}
    _FAILED[_place(response.get("StackId"), response.get("LogicalResourceId"))] = judged
    return judged


def _invoke(
    request_type: str,
    logical_id: str,
    properties: Mapping[str, Any],
    stack_name: str,
    stack_id: str,
    *rest: Any,  # noqa: ANN401  # ministack's own
    **options: Any,  # noqa: ANN401  # ministack's own
) -> Any:  # noqa: ANN401  # ministack's own
    refused = refusal(
        Question(action="lambda:InvokeFunction", resource=str(properties.get("ServiceToken", "*"))), caller()
    )
    if refused is not None:
        raise PermissionError(refused)

    def invoke(kind: str, **further: Any) -> Any:  # noqa: ANN401  # ministack's own
        return _invoke_as_ministack(kind, logical_id, properties, stack_name, stack_id, *rest, **options, **further)

    place = _place(stack_id, logical_id)
    _FAILED.pop(place, None)
    try:
        return invoke(request_type)
    except RuntimeError:
        physical_id = _FAILED.pop(place, {}).get("PhysicalResourceId")
        if request_type == "Create" and physical_id:
            _delete(lambda: invoke("Delete", physical_id=physical_id))
        raise


def _delete(invoke: Callable[[], Any]) -> None:
    try:
        invoke()
    except (RuntimeError, TimeoutError):
        # The creation has failed already, and that is what the stack says.
        provisioners.logger.exception("what a custom resource half made was not deleted")


def _place(stack_id: object, logical_id: object) -> str:
    return f"{stack_id} {logical_id}"
