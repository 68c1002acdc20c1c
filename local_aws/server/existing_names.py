"""A name that is taken is taken: CloudFormation creates no resource over one that exists.

ministack points an existing alias to the new key, and makes log groups, roles and parameters anew.
"""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import changesets, provisioners

# Those of the types with names whose existence ministack can tell, for the sake of imports.
_TYPES = (
    "AWS::KMS::Alias", "AWS::Logs::LogGroup", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::S3::Bucket",
    "AWS::DynamoDB::Table", "AWS::SSM::Parameter",
)  # fmt: skip


def extend() -> None:
    """Refuse to create what exists already."""
    for resource_type in _TYPES:
        row = provisioners._RESOURCE_HANDLERS[resource_type]
        row["create"] = _unless_it_exists(resource_type, row["create"])


def _unless_it_exists(resource_type: str, create: Callable[..., Any]) -> Callable[..., Any]:
    (name_property,), _ = changesets._IMPORT_LOOKUPS[resource_type]

    def create_new(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:  # noqa: ANN401
        name = properties.get(name_property)
        if name is not None:
            identifier = {"ResourceType": resource_type, "ResourceIdentifier": {name_property: name}}
            if changesets._import_not_found([identifier]) is None:
                raise ValueError(
                    f'Resource handler returned message: "{name} already exists" (HandlerErrorCode: AlreadyExists)'
                )
        return create(logical_id, properties, stack_name)

    return create_new
