"""AWS::Athena::PreparedStatement on ministack's Athena.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-preparedstatement.html
"""

from typing import Any

from ministack.services import athena

from local_aws.server.resource_types.answer import answer

TYPE = "AWS::Athena::PreparedStatement"


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    workgroup = properties["WorkGroup"]
    if workgroup not in athena._workgroups:
        raise ValueError(f"WorkGroup {workgroup} is not found.")
    answer(athena._create_prepared_statement(properties))
    return properties["StatementName"], {}


def _update(name: str, old: dict[str, Any], properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    _delete(name, old)
    return _create("", properties, stack_name)


def _delete(name: str, properties: dict[str, Any]) -> None:
    answer(athena._delete_prepared_statement({"StatementName": name, "WorkGroup": properties["WorkGroup"]}))
