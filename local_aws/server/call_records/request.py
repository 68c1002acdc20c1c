"""A signed request and its answer, as much of them as a record is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from local_aws.server.kms.key_uses import parsed


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request: `resource` is the ARN that it is about, `action` the name of the operation."""

    service: str
    action: str
    path: str
    host: str
    body: bytes
    resource: str
    access_key_id: str
    request_id: str
    user_agent: str

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters in the body, JSON or a form, under the names that the API gives them."""
        if self.body.lstrip()[:1] == b"{":
            return parsed(self.body)
        if self.service == "s3" or b"=" not in self.body[:200]:
            return {}
        form = parse_qs(self.body.decode(errors="replace"))
        return {name: values[0] for name, values in form.items()}

    @property
    def object_key(self) -> str:
        """The key of the object that a request of S3 is about; empty if it is about a bucket."""
        return unquote(self.resource.partition(":::")[2].partition("/")[2]) if self.service == "s3" else ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the service answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def failed(self) -> bool:
        """Whether the call was refused or went wrong."""
        return self.status >= 400  # noqa: PLR2004  # HTTP's own boundary
