"""The command `kms-envelope` inside a test's process, with an AWS in memory."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from click.testing import CliRunner, Result

from kms_envelope.program import program
from tests.support.fake_kms import KEY_ARN, FakeKms, client_error

KEY = ("--key", KEY_ARN)
CONTEXT = ("--context", "tenant=blue")


class FakeAws:
    """Makes the clients of one KMS and of one S3, both in memory."""

    def __init__(self, kms: FakeKms | None = None, objects: Mapping[str, bytes] | None = None) -> None:
        """Have a KMS and objects, by bucket and key."""
        self.fake_kms = kms or FakeKms()
        self.objects = FakeObjects(objects or {})
        self.options: tuple[str | None, ...] = ()

    def __call__(self, *options: str | None) -> "FakeAws":
        """Be made from profile, Region and endpoint."""
        self.options = options
        return self

    def kms(self, region: str) -> FakeKms:
        """Make a client of KMS."""
        return self.fake_kms(region)

    def s3(self) -> "FakeObjects":
        """Make a client of S3."""
        return self.objects


class FakeObjects:
    """Objects that can be read, with the method names of an S3 client."""

    def __init__(self, objects: Mapping[str, bytes]) -> None:
        """Have objects, by `bucket/key`."""
        self.content = dict(objects)
        self.ranges: list[str | None] = []

    def head_object(self, *, Bucket: str, Key: str, **address: str) -> dict[str, Any]:  # noqa: N803  # AWS's names
        """Say length and ETag of an object."""
        data = self._found(f"{Bucket}/{Key}", address)
        return {"ContentLength": len(data), "ETag": _etag(data)}

    def get_object(
        self,
        *,
        Bucket: str,  # noqa: N803
        Key: str,  # noqa: N803
        Range: str | None = None,  # noqa: N803
        **address: str,
    ) -> dict[str, Any]:
        """Give an object, or a range of it."""
        self.ranges.append(Range)
        data = self._found(f"{Bucket}/{Key}", address)
        if Range is not None:
            first, last = map(int, Range.removeprefix("bytes=").split("-"))
            data = data[first : last + 1]
        return {"Body": BytesIO(data)}

    def _found(self, name: str, address: Mapping[str, str]) -> bytes:
        if "VersionId" in address:
            name = f"{name}?versionId={address['VersionId']}"
        if name not in self.content:
            raise client_error("NoSuchKey", operation="GetObject", status=404)
        data = self.content[name]
        if address.get("IfMatch", _etag(data)) != _etag(data):
            raise client_error("PreconditionFailed", operation="GetObject", status=412)
        return data


def run_command(*arguments: object, aws: FakeAws | None = None, piped: bytes = b"") -> Result:
    """Run the command to its end; what nobody expected is raised here too."""
    result = CliRunner().invoke(program, [str(each) for each in arguments], obj=aws or FakeAws(), input=piped)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _etag(data: bytes) -> str:
    return f'"{len(data)}-{hash(data)}"'
