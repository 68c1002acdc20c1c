"""CloudFormation reads a template's SSM parameters, such as the bootstrap version, as its execution role."""

from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, handlers

from local_aws.server.caller import caller, is_acting_as_role
from local_aws.server.decision import Question, refusal

_resolve_of_ministack = handlers._resolve_parameters


def extend() -> None:
    """Decide the permission before a parameter is read."""
    handlers._resolve_parameters = _resolve
    changesets._resolve_parameters = _resolve


def _resolve(template: dict[str, Any], provided: Any, *rest: Any) -> Any:  # noqa: ANN401  # ministack's own signature
    found = _resolve_of_ministack(template, provided, *rest)
    if not is_acting_as_role():
        return found
    given = {each["Key"]: each["Value"] for each in provided}
    for key, parameter in template.get("Parameters", {}).items():
        if str(parameter.get("Type", "")).startswith("AWS::SSM::Parameter::Value"):
            name = str(given.get(key) or parameter.get("Default", "")).lstrip("/")
            arn = f"arn:aws:ssm:{get_region()}:{get_account_id()}:parameter/{name}"
            refused = refusal(Question(action="ssm:GetParameters", resource=arn), caller())
            if refused is not None:
                raise ValueError(refused)
    return found
