"""A function of the embedded AWS, made from a few files."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local_aws import LocalAws


class ZippedFunction:
    """A Python function whose handler is `index.handler` unless told otherwise.

    Attributes:
        name: Its name.
    """

    def __init__(self, aws: "LocalAws", role: str, name: str, files: Mapping[str, str], **settings: Any) -> None:
        """Create it.

        Args:
            aws: Where.
            role: The ARN of its role.
            name: Its name.
            files: The text of each of its files.
            settings: Further parameters of CreateFunction.
        """
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            for path, content in files.items():
                archive.writestr(path, content)
        self._client = aws.session().client("lambda")
        self.name = name
        self._client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Architectures=["arm64"],
            Role=role,
            Code={"ZipFile": package.getvalue()},
            **{"Handler": "index.handler", **settings},
        )

    def invoke(self, **event: Any) -> tuple[Any, str | None]:
        """Invoke it and return its answer with the kind of its failure, if it failed."""
        answer = self._client.invoke(FunctionName=self.name, Payload=json.dumps(event))
        return json.load(answer["Payload"]), answer.get("FunctionError")
