"""The operations of S3 that this package calls."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class ObjectBody(Protocol):
    """The body of a GetObject answer."""

    def read(self, amt: int | None = None, /) -> bytes:
        """Give the next bytes; all of them by default."""
        ...

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Put the next bytes into a buffer."""
        ...

    def set_socket_timeout(self, timeout: float) -> None:
        """Say for how many seconds the connection may give nothing."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class S3Client(Protocol):
    """A client of botocore's, or what stands before one. Parameters and answers are spelled as AWS spells them."""

    @property
    def meta(self) -> object:
        """What s3transfer asks a client about itself."""
        ...

    def get_object(self, **parameters: object) -> dict[str, Any]:
        """Call `s3:GetObject`, or `s3:GetObjectVersion` if a version is named."""
        ...

    def head_object(self, **parameters: object) -> dict[str, Any]:
        """Call HeadObject, which takes the permission of `get_object`."""
        ...

    def put_object(self, **parameters: object) -> dict[str, Any]:
        """Call `s3:PutObject`."""
        ...

    def create_multipart_upload(self, **parameters: object) -> dict[str, Any]:
        """Call CreateMultipartUpload, which takes the permission of `put_object`."""
        ...

    def upload_part(self, **parameters: object) -> dict[str, Any]:
        """Call UploadPart, which takes the permission of `put_object`."""
        ...

    def complete_multipart_upload(self, **parameters: object) -> dict[str, Any]:
        """Call CompleteMultipartUpload, which takes the permission of `put_object`."""
        ...

    def abort_multipart_upload(self, **parameters: object) -> object:
        """Call `s3:AbortMultipartUpload`."""
        ...
