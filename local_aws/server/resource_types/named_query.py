"""AWS::Athena::NamedQuery on ministack's Athena: every change but that of nothing is a new query.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-namedquery.html
"""

from typing import Any

from ministack.services import athena

from local_aws.server.resource_types.answer import answer

TYPE = "AWS::Athena::NamedQuery"


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    workgroup = properties.get("WorkGroup", "primary")
    if workgroup not in athena._workgroups:
        raise ValueError(f"WorkGroup {workgroup} is not found.")
    identifier = answer(athena._create_named_query({"Name": logical_id, **properties}))["NamedQueryId"]
    return identifier, {"NamedQueryId": identifier}


def _update(
    identifier: str, old: dict[str, Any], properties: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, str]]:
    if properties == old:
        return identifier, {"NamedQueryId": identifier}
    made = _create("", properties, stack_name)
    _delete(identifier, old)
    return made


def _delete(identifier: str, _properties: dict[str, Any]) -> None:
    answer(athena._delete_named_query({"NamedQueryId": identifier}))
