"""Every call over the network finds the operations here before those of ministack."""

from typing import Any, TypeAlias

from ministack.core.responses import error_response_json, json_response
from ministack.services import acm

from local_aws.server.certificates import deletion, exporting, importing, reading, requesting
from local_aws.server.certificates.errors import AcmError
from local_aws.server.certificates.registry import OPERATIONS, Request
from local_aws.server.kms.key_uses import parsed

_Response: TypeAlias = tuple[int, dict[str, str], bytes]

OPERATIONS |= {
    "RequestCertificate": requesting.request_certificate,
    "DescribeCertificate": reading.describe_certificate,
    "ListCertificates": reading.list_certificates,
    "GetCertificate": reading.get_certificate,
    "ImportCertificate": importing.import_certificate,
    "ExportCertificate": exporting.export_certificate,
    "DeleteCertificate": deletion.delete_certificate,
}

_handle_as_ministack = acm.handle_request


def extend() -> None:
    """Stand between the network and the operations."""
    acm.handle_request = _handle_request


async def _handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> _Response:  # noqa: ANN401  # ministack's own
    name = headers.get("x-amz-target", "").rpartition(".")[2]
    response: _Response
    if name not in OPERATIONS:
        response = await _handle_as_ministack(method, path, headers, body, query)
        return response
    try:
        response = json_response(OPERATIONS[name](_request(body)))
    except AcmError as error:
        response = error_response_json(error.code, str(error), 400)
    return response


def _request(body: bytes) -> Request:
    """Read a request; CloudFormation, which does not come over the network, sets tags that nobody else may.

    Raises:
        AcmError: If somebody else does.
    """
    request = dict(parsed(body))
    for tag in request.get("Tags", ()):
        if tag["Key"].lower().startswith("aws:"):
            raise AcmError(
                "InvalidTagException", f"aws: prefixed tag key names are not allowed for external use: {tag['Key']}"
            )
    return request
