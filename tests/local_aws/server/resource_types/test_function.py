from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy


def test_a_functions_reserved_concurrency_is_that_of_its_template(
    aws: LocalAws, make_stacks: Callable[..., StackOperation], make_role: Callable[..., str]
) -> None:
    role, stack = make_role(service="lambda.amazonaws.com"), make_stacks()

    def function(**properties: Any) -> dict[str, Any]:
        code = {"ZipFile": "def handler(event, context): return None"}
        given = {"FunctionName": "reserving", "Runtime": "python3.13", "Handler": "index.handler", "Role": role}
        return {"Function": {"Type": "AWS::Lambda::Function", "Properties": {**given, "Code": code, **properties}}}

    def reserved() -> Any:
        found = aws.session().client("lambda").get_function_concurrency(FunctionName="reserving")
        return found.get("ReservedConcurrentExecutions")

    created = stack.create(function(ReservedConcurrentExecutions=2))
    assert (created.status, reserved()) == ("CREATE_COMPLETE", 2)

    assert stack.update(created.name, function()).status == "UPDATE_COMPLETE"
    assert reserved() is None
