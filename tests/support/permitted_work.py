"""Handlers at work under the environment and the permissions that constructs wrote for them."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from envelope.handler import Deployment
from tests.support.fake_clients import FakeClients, FakeQueues, FakeStreams
from tests.support.fake_kms import FakeKms
from tests.support.s3_stand_in import Answer, Request, S3StandIn
from tests.support.synthesised import Json

_S3_ACTIONS = {
    "GetObject": "s3:GetObject",
    "HeadObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"""


class Recorded(Mapping[str, str]):
    """An environment that knows which of its variables were read."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """Take the variables."""
        self._variables = dict(variables)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        """Give a variable, and remember it."""
        self.read.add(name)
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._variables)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._variables)


class RecordedStorage(S3StandIn):
    """An S3 that knows which action each request needed, and on what."""

    def __init__(self) -> None:
        """Begin with no request."""
        super().__init__()
        self.needed: set[tuple[str, str]] = set()

    def answer(self, request: Request) -> Answer:
        """Answer a request, and remember it."""
        of_version = "Version" if "versionId" in request.query else ""
        self.needed.add((f"{_S3_ACTIONS[request.operation]}{of_version}", f"arn:aws:s3:::{request.name}"))
        return super().answer(request)


class Worker:
    """One function: its handler, and what it does to AWS."""

    def __init__(self, handler: str, variables: Mapping[str, str], statements: list[Json]) -> None:
        """Take what the template says of it.

        Args:
            handler: The path of its handler.
            variables: Its environment.
            statements: What its role may do.
        """
        module, _, name = handler.rpartition(".")
        self._handler: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), name)
        self.environment = Recorded(variables)
        self.granted = {
            (action, resource)
            for each in statements
            for action in _listed(each["Action"])
            for resource in _listed(each["Resource"])
        }
        self.needed: set[tuple[str, str]] = set()

    def deployment(self, **clients: Any) -> Deployment:
        """Read the environment.

        Args:
            **clients: Who speaks to AWS.
        """
        return Deployment.from_environment(self.environment, clients=FakeClients(**clients))

    def work(self, event: object, *, kms: FakeKms, s3: Any = None, storage: RecordedStorage | None = None) -> Any:
        """Handle an event, and remember what it took.

        Args:
            event: The event.
            kms: Where keys are.
            s3: A client for the storage.
            storage: Where objects are.
        """
        queues, streams, before = FakeQueues(), FakeStreams(), len(kms.calls)
        if storage is not None:
            storage.needed = set()
        try:
            deployment = self.deployment(kms=kms, s3=s3, sqs=queues, kinesis=streams)
            return self._handler(event, None, deployment=deployment)
        finally:
            self.needed |= {(f"kms:{call.operation}", call.key_id) for call in kms.calls[before:]}
            self.needed |= {("sqs:SendMessage", url) for url in queues.queue_urls}
            self.needed |= {("kinesis:PutRecords", arn) for arn in streams.stream_arns}
            self.needed |= storage.needed if storage is not None else set()
            self.sent = [*(each["MessageBody"] for each in queues.taken), *(each["Data"] for each in streams.taken)]

    def lacks(self) -> set[tuple[str, str]]:
        """What it needed and was not granted."""
        return {need for need in self.needed if not any(_covers(grant, need) for grant in self.granted)}

    def idle(self) -> set[tuple[str, str]]:
        """What it was granted and did not need."""
        return {grant for grant in self.granted if not any(_covers(grant, need) for need in self.needed)}


def _covers(grant: tuple[str, str], need: tuple[str, str]) -> bool:
    return grant[0] == need[0] and fnmatchcase(need[1], grant[1])


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values
