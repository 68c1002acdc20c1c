"""What the roles of functions may do, in plain text, by the handler of the function."""

from typing import Any

from tests.support.synthesised import Json, resources, written


def statements_by_handler(template: Json) -> dict[str, list[Json]]:
    """Return the statements of each function's role about its work: those about logs and traces left out.

    Args:
        template: Of a stack.
    """
    policies = [each["Properties"] for each in resources(template, "AWS::IAM::Policy").values()]
    found: dict[str, list[Json]] = {}
    for function in resources(template, "AWS::Lambda::Function").values():
        role = {"Ref": function["Properties"]["Role"]["Fn::GetAtt"][0]}
        statements = [each for policy in policies if policy["Roles"] == [role] for each in _of(policy)]
        found[function["Properties"]["Handler"]] = [each for each in statements if not _is_about_operations(each)]
    return found


def actions_by_resource(statements: list[Json]) -> dict[str, set[str]]:
    """Return what statements allow on which resource.

    Args:
        statements: In plain text.
    """
    found: dict[str, set[str]] = {}
    for each in statements:
        for resource in _listed(each["Resource"]):
            found.setdefault(resource, set()).update(_listed(each["Action"]))
    return found


def variables_by_handler(template: Json) -> dict[str, dict[str, str]]:
    """Return the environment of each function, in plain text.

    Args:
        template: Of a stack.
    """
    functions = [each["Properties"] for each in resources(template, "AWS::Lambda::Function").values()]
    return {each["Handler"]: written(each["Environment"]["Variables"]) for each in functions}


def _of(policy: Json) -> Any:
    return written(policy["PolicyDocument"]["Statement"])


def _is_about_operations(statement: Json) -> bool:
    return all(action.startswith(("logs:", "xray:")) for action in _listed(statement["Action"]))


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values
