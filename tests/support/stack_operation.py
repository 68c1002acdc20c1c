"""A stack operation through the API, for tests that need no CDK CLI: what it ended with, and why."""

import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_cloudformation import CloudFormationClient

_number = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class StackOutcome:
    """How a stack operation ended."""

    name: str
    status: str
    failures: tuple[str, ...]
    outputs: Mapping[str, str]


@dataclass(frozen=True)
class StackOperation:
    """Operations on stacks, as one person and, unless it is the same, one execution role, in one Region."""

    session: "boto3.Session"
    role_arn: str | None = None
    region: str | None = None

    def create(
        self, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None, *, name: str = ""
    ) -> StackOutcome:
        """Create a stack, of a name of its own unless one is given."""
        name = name or f"Stack{next(_number)}"
        client = self._client()
        client.create_stack(StackName=name, **self._role(), **_template(resources, outputs))
        return self.outcome(name)

    def update(self, name: str, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None) -> StackOutcome:
        """Update a stack, with the role that it has."""
        self._client().update_stack(StackName=name, **_template(resources, outputs))
        return self.outcome(name)

    def delete(self, name: str) -> StackOutcome:
        """Delete a stack, with the role that it has."""
        client = self._client()
        stack_id = client.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        client.delete_stack(StackName=name)
        return self.outcome(stack_id)

    def take_back(self, resources: Mapping[str, Any], identifiers: Mapping[str, Any]) -> StackOutcome:
        """Import existing resources into a new stack."""
        name = f"Stack{next(_number)}"
        client = self._client()
        imported: list[Any] = [
            {"LogicalResourceId": each, "ResourceType": resources[each]["Type"], "ResourceIdentifier": identifier}
            for each, identifier in identifiers.items()
        ]
        client.create_change_set(
            StackName=name,
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            **self._role(),
            ResourcesToImport=imported,
            **_template(resources, None),
        )
        client.execute_change_set(StackName=name, ChangeSetName="import")
        return self.outcome(name)

    def _client(self) -> "CloudFormationClient":
        return self.session.client("cloudformation", region_name=self.region)

    def _role(self) -> dict[str, Any]:
        return {"RoleARN": self.role_arn} if self.role_arn else {}

    def outcome(self, name: str) -> StackOutcome:
        """Wait until nothing happens to a stack any more, and say how that ended."""
        client = self._client()
        stack = client.describe_stacks(StackName=name)["Stacks"][0]
        while stack["StackStatus"].endswith("_IN_PROGRESS"):
            time.sleep(0.02)
            stack = client.describe_stacks(StackName=name)["Stacks"][0]
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        return StackOutcome(
            name=name,
            status=stack["StackStatus"],
            failures=tuple(
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
                for event in events
                if event["ResourceStatus"].endswith("_FAILED") and event.get("PhysicalResourceId") != stack["StackId"]
            ),
            outputs={each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
        )


def _template(resources: Mapping[str, Any], outputs: Mapping[str, Any] | None) -> dict[str, Any]:
    values = {key: {"Value": value} for key, value in (outputs or {}).items()}
    return {
        "TemplateBody": json.dumps({"Resources": resources, **({"Outputs": values} if values else {})}),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }


def error_code(error: ClientError) -> str:
    """Say which error of the service a client error is."""
    return str(error.response["Error"]["Code"])
