"""The condition keys that ACM adds to a request and ministack does not compute, and the action that tags need.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_acm.html. A certificate that does not exist yet
has an ARN with a wildcard in place of its id.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import acm

from local_aws.server.kms.key_uses import parsed
from local_aws.server.late_modules import is_loaded

_TAGGING = "acm:AddTagsToCertificate"
_is_about_tags: ContextVar[bool] = ContextVar("local_aws_is_about_tags", default=False)
_MAKING = ("acm:RequestCertificate", "acm:ImportCertificate")


def extend() -> None:
    """Let every request carry its condition keys and name its certificate, and let tags be asked about."""
    iam_actions.request_tag_context = _with_keys(iam_actions.request_tag_context)
    iam_actions.extract_resource_arn = _with_new_certificate(iam_actions.extract_resource_arn)
    iam_evaluator.enforce = _with_tags(iam_evaluator.enforce)
    iam_actions.access_denied_response = _saying_so(iam_actions.access_denied_response)


def request_keys(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the condition keys of a request.

    Args:
        operation: The name of the operation.
        request: Its parameters.
    """
    found = tag_keys(request.get("CertificateArn"))
    if operation == "RequestCertificate":
        options = request.get("Options", {})
        names = [request.get("DomainName", ""), *request.get("SubjectAlternativeNames", ())]
        found |= {
            "acm:DomainNames": list(dict.fromkeys(str(each).lower() for each in names)),
            "acm:ValidationMethod": request.get("ValidationMethod", "EMAIL"),
            "acm:CertificateTransparencyLogging": options.get("CertificateTransparencyLoggingPreference", "ENABLED"),
        }
        found |= {"acm:Export": options["Export"]} if "Export" in options else {}
        for key, name in (
            ("acm:KeyAlgorithm", "KeyAlgorithm"),
            ("acm:CertificateAuthority", "CertificateAuthorityArn"),
        ):
            found |= {key: request[name]} if name in request else {}
    if operation == "ExportCertificate":
        found |= {"acm:DomainNames": (_record(request.get("CertificateArn")) or {}).get("SubjectAlternativeNames", [])}
    return found


def tag_keys(arn: object) -> dict[str, Any]:
    """Return the condition keys of the tags of a certificate.

    Args:
        arn: Its ARN; whatever is none has no tags.
    """
    tags = (_record(arn) or {}).get("Tags") or ()
    return {f"aws:ResourceTag/{each['Key']}": each.get("Value", "") for each in tags}


def new_certificate() -> str:
    """Return the ARN of a certificate that does not exist yet."""
    return f"arn:aws:acm:{get_region()}:{get_account_id()}:certificate/*"


def _record(arn: object) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = acm._get_local_certificate(arn) if arn and is_loaded(acm) else None
    return found


def _with_keys(context_of: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        found = context_of(service, iam_action, body, params)
        if service == "acm":
            found |= request_keys(iam_action.partition(":")[2], parsed(body))
        return found

    return context


def _with_new_certificate(resource_of: Callable[..., str]) -> Callable[..., str]:
    def resource(service: str, method: str, path: str, headers: Any, *rest: Any) -> str:  # noqa: ANN401  # ministack's own
        found = resource_of(service, method, path, headers, *rest)
        is_import = service == "acm" and headers.get("x-amz-target", "").endswith(".ImportCertificate")
        return new_certificate() if is_import and found == "*" else found

    return resource


def _with_tags(enforce: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for the permission to tag where a certificate is made with tags."""

    def ask(access_key_id: str, iam_action: str, service: str, region: str, **options: Any) -> Any:  # noqa: ANN401  # ministack's own
        _is_about_tags.set(False)
        refused = enforce(access_key_id, iam_action, service, region, **options)
        keys = options.get("service_context") or {}
        if refused is None and iam_action in _MAKING and keys.get("aws:TagKeys"):
            arn = options.get("resource_arn") or "*"
            about = {**options, "resource_arn": new_certificate() if arn == "*" else arn}
            refused = enforce(access_key_id, _TAGGING, service, region, **about)
            _is_about_tags.set(refused is not None)
        return refused

    return ask


def _saying_so(respond: Callable[..., Any]) -> Callable[..., Any]:
    """Name the action that is missing where that is not the call's own."""

    def response(service: str, action: str, *rest: Any, **options: Any) -> Any:  # noqa: ANN401  # ministack's own
        missing = _TAGGING if action in _MAKING and _is_about_tags.get() else action
        return respond(service, missing, *rest, **options)

    return response
