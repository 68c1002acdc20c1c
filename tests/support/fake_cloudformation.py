"""CloudFormation as a custom resource meets it: it sends events and keeps to what it is answered.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

STACK = "arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/11111111-2222-3333-4444-555555555555"
RESPONSE_URL = "https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/x?Signature=s"

Properties = dict[str, Any]


class DeploymentFailed(Exception):  # noqa: N818
    """A resource answered FAILED; the text is its reason."""


def event_of(request_type: str, properties: Properties, **further: Any) -> dict[str, Any]:
    """Make an event."""
    return {
        "RequestType": request_type,
        "ResponseURL": RESPONSE_URL,
        "StackId": STACK,
        "RequestId": "aaaaaaaa-0000-0000-0000-000000000001",
        "ResourceType": "AWS::CloudFormation::CustomResource",
        "LogicalResourceId": "CertificateResource",
        "ResourceProperties": {"ServiceToken": "arn:aws:lambda:eu-central-1:111122223333:function:f", **properties},
        **further,
    }


@dataclass
class FakeCloudFormation:
    """One custom resource of one stack. `invoke` is the function, which has to put one answer for each event."""

    invoke: Callable[[dict[str, Any]], None]
    physical_id: str = ""
    properties: Properties = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0

    def put(self, url: str, body: bytes, /) -> None:
        """Take an answer."""
        assert url == RESPONSE_URL
        assert len(body) <= 4096
        self.answers.append(json.loads(body))

    def create(self, properties: Properties) -> None:
        """Create it; what fails is deleted by the id that was answered."""
        answer = self._ask("Create", properties)
        self.physical_id, self.properties = answer["PhysicalResourceId"], properties
        if answer["Status"] == "FAILED":
            self._rolled_back(answer)
        self.attributes = answer.get("Data", {})

    def update(self, properties: Properties) -> None:
        """Update it; another id has the former one deleted; after a failure the former properties are sent."""
        former_id, former = self.physical_id, self.properties
        answer = self._ask("Update", properties, former)
        if answer["Status"] == "FAILED":
            assert answer["PhysicalResourceId"] == former_id
            # If that fails too, somebody has the rollback continued.
            back = (self._ask("Update", former, properties) for _ in range(3))
            assert ("SUCCESS", former_id) in ((each["Status"], each["PhysicalResourceId"]) for each in back)
            raise DeploymentFailed(answer["Reason"])
        self.physical_id, self.properties = answer["PhysicalResourceId"], properties
        self.attributes = answer.get("Data", {})
        if self.physical_id != former_id:
            self._clean_up(former, former_id)

    def delete(self) -> None:
        """Delete it."""
        answer = self._ask("Delete", self.properties)
        if answer["Status"] == "FAILED":
            raise DeploymentFailed(answer["Reason"])

    def _rolled_back(self, answer: dict[str, Any]) -> None:
        self._clean_up(self.properties, self.physical_id)
        raise DeploymentFailed(answer["Reason"])

    def _clean_up(self, properties: Properties, physical_id: str) -> None:
        # CloudFormation tries to delete three times.
        outcomes = (self._ask("Delete", properties, physical_id=physical_id)["Status"] for _ in range(3))
        assert "SUCCESS" in outcomes

    def _ask(
        self, request_type: str, properties: Properties, former: Properties | None = None, physical_id: str = ""
    ) -> dict[str, Any]:
        self.requests += 1
        event = event_of(request_type, properties, RequestId=f"aaaaaaaa-0000-0000-0000-{self.requests:012}")
        if request_type != "Create":
            event["PhysicalResourceId"] = physical_id or self.physical_id
        if former is not None:
            event["OldResourceProperties"] = {"ServiceToken": "arn:aws:lambda:", **former}
        before = len(self.answers)
        self.invoke(copy.deepcopy(event))
        (answer,) = self.answers[before:]
        for name in ("StackId", "RequestId", "LogicalResourceId"):
            assert answer[name] == event[name]
        assert answer["PhysicalResourceId"]
        return answer
