"""DescribeCertificate, ListCertificates and GetCertificate.

https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html. On AWS the record of a name is missing
for some seconds after the request; here it is there at once.
"""

from typing import Any

from local_aws.server.certificates.errors import AcmError
from local_aws.server.certificates.in_use import users_of
from local_aws.server.certificates.issuing import settle
from local_aws.server.certificates.public_certificates import files_of
from local_aws.server.certificates.records import (
    AMAZON_ISSUED,
    IMPORTED,
    ISSUED,
    PENDING,
    Record,
    all_records,
    record_of,
    status_of,
)
from local_aws.server.certificates.registry import Request

_SAME = (
    "CertificateArn", "DomainName", "SubjectAlternativeNames", "DomainValidationOptions", "Type", "KeyAlgorithm",
    "Options", "CreatedAt", "IssuedAt", "ImportedAt", "NotBefore", "NotAfter", "Serial", "FailureReason",
)  # fmt: skip
_LISTED = ("CertificateArn", "DomainName", "Type", "KeyAlgorithm", "CreatedAt", "IssuedAt", "ImportedAt", "NotBefore",
           "NotAfter")  # fmt: skip
_LISTED_UNASKED = ("RSA_1024", "RSA_2048")
_OF_AMAZON = {
    "Issuer": "Amazon",
    "SignatureAlgorithm": "SHA256WITHRSA",
    "KeyUsages": ["DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT"],
    "ExtendedKeyUsages": ["TLS_WEB_SERVER_AUTHENTICATION"],
}
_PURPOSES = {"TLS_WEB_SERVER_AUTHENTICATION": "1.3.6.1.5.5.7.3.1", "TLS_WEB_CLIENT_AUTHENTICATION": "1.3.6.1.5.5.7.3.2"}


def describe_certificate(request: Request) -> Request:
    """Describe a certificate.

    Raises:
        AcmError: If there is none.
    """
    record = settle(record_of(request.get("CertificateArn")))
    users = users_of(record["CertificateArn"])
    known = {"Subject": f"CN={record['DomainName']}", **_OF_AMAZON, **record}
    detail: dict[str, Any] = {name: record[name] for name in _SAME if name in record}
    detail |= {name: known[name] for name in ("Subject", "Issuer", "SignatureAlgorithm")}
    detail |= {"Status": status_of(record), "InUseBy": users, "RenewalEligibility": _eligibility(record, users)}
    detail["CertificateKeyPairOrigin"] = "CUSTOMER_PROVIDED" if record["Type"] == IMPORTED else "AWS_MANAGED"
    if record["Status"] == ISSUED:
        detail["KeyUsages"] = [{"Name": each} for each in known["KeyUsages"]]
        detail["ExtendedKeyUsages"] = [
            {"Name": each, **({"OID": _PURPOSES[each]} if each in _PURPOSES else {})}
            for each in known["ExtendedKeyUsages"]
        ]
    return {"Certificate": detail}


def list_certificates(request: Request) -> Request:
    """List the certificates; like ACM, of RSA keys of 1024 and 2048 bits only unless others are asked for."""
    statuses = request.get("CertificateStatuses")
    algorithms = request.get("Includes", {}).get("keyTypes") or _LISTED_UNASKED
    found = []
    for record in map(settle, all_records()):
        status, users = status_of(record), users_of(record["CertificateArn"])
        if record["KeyAlgorithm"] not in algorithms or (statuses and status not in statuses):
            continue
        summary = {name: record[name] for name in _LISTED if name in record}
        summary |= {"Status": status, "InUse": bool(users), "RenewalEligibility": _eligibility(record, users)}
        found.append(summary | {"SubjectAlternativeNameSummaries": record["SubjectAlternativeNames"]})
    return {"CertificateSummaryList": found}


def get_certificate(request: Request) -> Request:
    """Return a certificate and its chain.

    Raises:
        AcmError: If there is none, or none yet.
    """
    record = settle(record_of(request.get("CertificateArn")))
    if record["Status"] == PENDING:
        text = f"The certificate request {record['CertificateArn']} is in progress; it has no certificate yet."
        raise AcmError("RequestInProgressException", text)
    if record["Status"] != ISSUED:
        raise AcmError("ValidationException", f"Certificate {record['CertificateArn']} was not issued.")
    files = files_of(record)
    return {
        "Certificate": files["_pem_body"],
        **({"CertificateChain": files["_pem_chain"]} if files["_pem_chain"] else {}),
    }


def _eligibility(record: Record, users: list[str]) -> str:
    """ACM renews what Amazon issued and somebody serves or has exported.

    https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
    """
    is_wanted = bool(users) or bool(record.get("_exported"))
    is_eligible = record["Type"] == AMAZON_ISSUED and record["Status"] == ISSUED and is_wanted
    return "ELIGIBLE" if is_eligible else "INELIGIBLE"
