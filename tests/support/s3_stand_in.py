"""An S3 in memory that can be told to fail: objects, versions and multipart uploads."""

import base64
import re
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

_KEPT = ("content-type", "content-encoding", "content-language", "content-disposition", "cache-control")


@dataclass(frozen=True)
class StoredObject:
    """One version of an object."""

    body: bytes
    headers: dict[str, str]
    version_id: str

    @property
    def etag(self) -> str:
        """A tag that differs when the content does."""
        return f'"{zlib.crc32(self.body):08x}{len(self.body):x}"'

    @property
    def metadata(self) -> dict[str, str]:
        """The user-defined metadata."""
        return {
            name.removeprefix("x-amz-meta-"): value
            for name, value in self.headers.items()
            if name.startswith("x-amz-meta-")
        }


class Refused(Exception):  # noqa: N818  # an answer, not an error
    """What S3 answers instead."""

    def __init__(self, status: int, code: str) -> None:
        """Say status and code."""
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class Upload:
    """A multipart upload that was begun."""

    name: str
    headers: dict[str, str]
    parts: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Request:
    """One request, understood."""

    operation: str
    name: str  # bucket/key
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What is sent back; a connection that breaks sends less of the body than it said."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    sent: int | None = None


Before: TypeAlias = Callable[[Request], None]
After: TypeAlias = Callable[[Request, Answer], Answer]


class S3StandIn:
    """The objects, and what goes wrong."""

    def __init__(self) -> None:
        """Begin with no objects and no faults."""
        self.versions: dict[str, list[StoredObject]] = {}
        self.uploads: dict[str, Upload] = {}
        self.calls: list[str] = []
        self.before: dict[str, Before] = {}
        self.after: dict[str, After] = {}
        self._lock = threading.Lock()
        self._number = 0

    def put(self, name: str, body: bytes, **headers: str) -> StoredObject:
        """Store a new version."""
        self._number += 1
        lower = {header.replace("_", "-").lower(): value for header, value in headers.items()}
        stored = StoredObject(body, lower, f"v{self._number}")
        self.versions.setdefault(name, []).append(stored)
        return stored

    def current(self, name: str) -> StoredObject:
        """Give the newest version."""
        return self.versions[name][-1]

    def answer(self, request: Request) -> Answer:
        """Answer a request, with the faults that were asked for."""
        with self._lock:
            self.calls.append(request.operation)
        if request.operation in self.before:
            self.before[request.operation](request)
        with self._lock:
            answer: Answer = getattr(self, request.operation)(request)
        change = self.after.get(request.operation)
        return answer if change is None else change(request, answer)

    def GetObject(self, request: Request) -> Answer:  # noqa: N802  # AWS's name
        """Read a version, or a range of it."""
        stored = self._found(request)
        headers = self._headers_of(stored)
        if "range" in request.headers:
            first, last = (int(number) for number in request.headers["range"].removeprefix("bytes=").split("-"))
            part = stored.body[first : last + 1]
            headers["content-range"] = f"bytes {first}-{first + len(part) - 1}/{len(stored.body)}"
            return Answer(part, headers, 206)
        if request.headers.get("x-amz-checksum-mode") == "ENABLED":
            headers["x-amz-checksum-crc32"] = base64.b64encode(zlib.crc32(stored.body).to_bytes(4)).decode()
        return Answer(stored.body, headers)

    def HeadObject(self, request: Request) -> Answer:  # noqa: N802
        """Describe a version."""
        stored = self._found(request)
        return Answer(b"", {**self._headers_of(stored), "content-length": str(len(stored.body))})

    def PutObject(self, request: Request) -> Answer:  # noqa: N802
        """Write an object."""
        self._check_condition(request)
        _check_crc32(request)
        stored = self.put(request.name, request.body, **_stored_headers(request.headers))
        return Answer(headers={"etag": stored.etag, "x-amz-version-id": stored.version_id})

    def CreateMultipartUpload(self, request: Request) -> Answer:  # noqa: N802
        """Begin an upload."""
        self._number += 1
        upload_id = f"upload-{self._number}"
        assert request.headers["x-amz-checksum-type"] == "FULL_OBJECT"
        self.uploads[upload_id] = Upload(request.name, _stored_headers(request.headers))
        return Answer(f"<R><UploadId>{upload_id}</UploadId></R>".encode())

    def UploadPart(self, request: Request) -> Answer:  # noqa: N802
        """Take a part."""
        _check_crc32(request)
        self._upload(request).parts[int(request.query["partNumber"])] = request.body
        return Answer(headers={"etag": f'"{zlib.crc32(request.body):08x}"'})

    def CompleteMultipartUpload(self, request: Request) -> Answer:  # noqa: N802
        """Make the object."""
        self._check_condition(request)
        upload = self._upload(request)
        numbers = [int(number) for number in re.findall(rb"<PartNumber>([0-9]+)</PartNumber>", request.body)]
        body = b"".join(upload.parts[number] for number in numbers)
        assert numbers == sorted(upload.parts)
        if int(request.headers["x-amz-mp-object-size"]) != len(body):
            raise Refused(400, "InvalidRequest")
        del self.uploads[request.query["uploadId"]]
        stored = self.put(upload.name, body, **upload.headers)
        return Answer(f"<R><ETag>{stored.etag}</ETag></R>".encode(), {"x-amz-version-id": stored.version_id})

    def AbortMultipartUpload(self, request: Request) -> Answer:  # noqa: N802
        """Forget an upload."""
        self._upload(request)
        del self.uploads[request.query["uploadId"]]
        return Answer(status=204)

    def _upload(self, request: Request) -> Upload:
        if request.query["uploadId"] not in self.uploads:
            raise Refused(404, "NoSuchUpload")
        return self.uploads[request.query["uploadId"]]

    def _found(self, request: Request) -> StoredObject:
        versions = self.versions.get(request.name, [])
        asked = request.query.get("versionId")
        matching = [stored for stored in versions if asked in {None, stored.version_id}]
        if not matching:
            raise Refused(404, "NoSuchVersion" if asked else "NoSuchKey")
        if request.headers.get("if-match", matching[-1].etag) != matching[-1].etag:
            raise Refused(412, "PreconditionFailed")
        return matching[-1]

    def _check_condition(self, request: Request) -> None:
        there = self.versions.get(request.name, [])
        if "if-none-match" in request.headers and there:
            raise Refused(412, "PreconditionFailed")
        if "if-match" in request.headers:
            if not there:
                raise Refused(404, "NoSuchKey")
            if request.headers["if-match"] != there[-1].etag:
                raise Refused(412, "PreconditionFailed")

    def _headers_of(self, stored: StoredObject) -> dict[str, str]:
        return {**stored.headers, "etag": stored.etag, "x-amz-version-id": stored.version_id}


def _stored_headers(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in _KEPT or name.startswith("x-amz-meta-")}


def _check_crc32(request: Request) -> None:
    if request.headers["x-amz-checksum-crc32"] != base64.b64encode(zlib.crc32(request.body).to_bytes(4)).decode():
        raise Refused(400, "BadDigest")
