"""RequestCertificate: what it takes, keeps and refuses.

https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html. AWS does not document the texts of
its refusals, other than those of `ValidationException`.
"""

import json
import re
import time
from typing import Any

from local_aws.server.certificates.errors import AcmError
from local_aws.server.certificates.records import AMAZON_ISSUED, PENDING, Record, all_records, keep, new_arn
from local_aws.server.certificates.registry import Request
from local_aws.server.certificates.validation import domain_validation

_NAME = re.compile(r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])")
_MOST_NAMES = 10
_LONGEST_FIRST = 64
_ALGORITHMS = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")
_TOKEN_LIFE = 60 * 60
_OPTIONS = {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": "DISABLED"}


def request_certificate(request: Request) -> Request:
    """Take a request; the certificate waits for the validation of its names.

    Raises:
        AcmError: If ACM takes no such request.
    """
    names = _names(request)
    method = request.get("ValidationMethod", "EMAIL")
    algorithm = request.get("KeyAlgorithm", "RSA_2048")
    if algorithm not in _ALGORITHMS:
        raise AcmError(
            "InvalidParameterException", f"Key algorithm {algorithm} is not supported for public certificates."
        )
    options = {**_OPTIONS, **request.get("Options", {})}
    if options["CertificateTransparencyLoggingPreference"] != "ENABLED":
        raise AcmError(
            "InvalidParameterException", "Opting out of certificate transparency logging is no longer supported."
        )
    token = (request.get("IdempotencyToken"), json.dumps([names, method, request.get("DomainValidationOptions")]))
    known = _of_token(token)
    if known is not None:
        return {"CertificateArn": known["CertificateArn"]}
    record = {
        "CertificateArn": new_arn(),
        "DomainName": names[0],
        "SubjectAlternativeNames": names,
        "Status": PENDING,
        "Type": AMAZON_ISSUED,
        "CreatedAt": time.time(),
        "KeyAlgorithm": algorithm,
        "DomainValidationOptions": _validations(names, method, request),
        "ValidationMethod": method,
        "Tags": list(request.get("Tags", [])),
        "Options": options,
        "_token": token,
    }
    keep(record)
    return {"CertificateArn": record["CertificateArn"]}


def _names(request: Request) -> list[str]:
    given = [str(request.get("DomainName", "")), *map(str, request.get("SubjectAlternativeNames", ()))]
    for each in given:
        if not _NAME.fullmatch(each):
            raise AcmError(
                "ValidationException",
                f"1 validation error detected: Value '{each}' at 'domainName' failed to satisfy constraint: "
                f"Member must satisfy regular expression pattern: {_NAME.pattern}",
            )
    names = list(dict.fromkeys(each.lower() for each in given))
    if len(names[0]) > _LONGEST_FIRST:
        raise AcmError("InvalidParameterException", "The first domain name can be no longer than 64 characters.")
    if len(names) > _MOST_NAMES:
        text = f"{len(names)} domain names in one certificate exceed the quota of {_MOST_NAMES}."
        raise AcmError("LimitExceededException", text)
    return names


def _validations(names: list[str], method: str, request: Request) -> list[dict[str, Any]]:
    domains = {
        each["DomainName"].lower(): each["ValidationDomain"] for each in request.get("DomainValidationOptions", ())
    }
    for name, domain in domains.items():
        base = name.removeprefix("*.")
        if name not in names or (base != domain and not base.endswith(f".{domain}")):
            text = f"The validation domain {domain} is not {name} or a domain above it in this request."
            raise AcmError("InvalidDomainValidationOptionsException", text)
    return [domain_validation(each, method, domains.get(each)) for each in names]


def _of_token(token: tuple[str | None, str]) -> Record | None:
    """Find what a repeated request made within the hour in which ACM remembers its token."""
    if token[0] is None:
        return None
    since = time.time() - _TOKEN_LIFE
    return next((each for each in all_records() if each.get("_token") == token and each["CreatedAt"] > since), None)
