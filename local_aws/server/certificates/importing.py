"""ImportCertificate: what it checks, keeps and refuses, the first time and again into the same ARN.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
"""

import time
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from local_aws.server.certificates import certificate_files as files
from local_aws.server.certificates.certificate_facts import extended_key_usages, key_usages
from local_aws.server.certificates.errors import InvalidCertificateError
from local_aws.server.certificates.imported_chain import check_chain
from local_aws.server.certificates.records import IMPORTED, ISSUED, Record, keep, new_arn, record_of
from local_aws.server.certificates.registry import Request
from local_aws.server.certificates.service_events import tell_available

# What may be taken away from a certificate that is imported again.
_MAY_GO = {"ExtendedKeyUsages": {"TLS_WEB_CLIENT_AUTHENTICATION"}}
_MAY_GO_OF_ELLIPTIC = {**_MAY_GO, "KeyUsages": {"KEY_ENCIPHERMENT"}}


def import_certificate(request: Request) -> Request:
    """Import a certificate, over one that was imported before if the request names it.

    Raises:
        InvalidCertificateError: If ACM refuses it; what was imported before stays as it is.
    """
    former = record_of(request["CertificateArn"]) if "CertificateArn" in request else None
    if former is not None and request.get("Tags"):
        raise InvalidCertificateError("Tagging is not permitted on re-import.")
    if former is not None and former["Type"] != IMPORTED:
        raise InvalidCertificateError(f"Certificate {former['CertificateArn']} was not imported.")
    found = _read(request)
    if former is not None:
        _check_again(former, found)
    record = {
        "CertificateArn": former["CertificateArn"] if former else new_arn(),
        "Tags": former["Tags"] if former else list(request.get("Tags", [])),
        "CreatedAt": former["CreatedAt"] if former else time.time(),
        **found,
    }
    keep(record)
    tell_available(record, "REIMPORT" if former else "IMPORT")
    return {"CertificateArn": record["CertificateArn"]}


def _read(request: Request) -> Record:
    pems = {name: files.pem_of(name, request.get(name)) for name in ("Certificate", "PrivateKey")}
    chain_pem = files.pem_of("CertificateChain", request["CertificateChain"]) if "CertificateChain" in request else ""
    certificate = files.certificate_in(pems["Certificate"])
    key = files.private_key_in(pems["PrivateKey"])
    algorithm = files.algorithm_of(key)
    _check_dates(certificate)
    public = [
        each.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        for each in (key.public_key(), certificate.public_key())
    ]
    if public[0] != public[1]:
        raise InvalidCertificateError("The private key does not match the certificate.")
    check_chain(certificate, files.chain_in(chain_pem) if chain_pem else [])
    return {
        **_facts(certificate),
        "KeyAlgorithm": algorithm,
        "_pem_body": pems["Certificate"],
        "_pem_chain": chain_pem,
        "_private_key": pems["PrivateKey"],
    }


def _check_dates(certificate: x509.Certificate) -> None:
    if certificate.version is not x509.Version.v3:
        raise InvalidCertificateError("The certificate is not an X.509 version 3 certificate.")
    now = time.time()
    if now < certificate.not_valid_before_utc.timestamp():
        raise InvalidCertificateError("The certificate is not valid yet.")
    if now > certificate.not_valid_after_utc.timestamp():
        raise InvalidCertificateError("The certificate has expired.")


def _facts(certificate: x509.Certificate) -> dict[str, Any]:
    common = [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [str(each) for kind in (x509.DNSName, x509.IPAddress) for each in found.get_values_for_type(kind)]
    except x509.ExtensionNotFound:
        names = common
    if not names:
        raise InvalidCertificateError("The certificate names no domain.")
    serial = certificate.serial_number
    octets = serial.to_bytes(serial.bit_length() // 8 + 1).lstrip(b"\0")
    return {
        "DomainName": common[0] if common else names[0],
        "SubjectAlternativeNames": names,
        "Status": ISSUED,
        "Type": IMPORTED,
        "ImportedAt": time.time(),
        "NotBefore": certificate.not_valid_before_utc.timestamp(),
        "NotAfter": certificate.not_valid_after_utc.timestamp(),
        "Serial": ":".join(f"{each:02x}" for each in octets),
        "Subject": certificate.subject.rfc4514_string(),
        "Issuer": certificate.issuer.rfc4514_string(),
        "SignatureAlgorithm": certificate.signature_algorithm_oid._name.upper(),
        "KeyUsages": key_usages(certificate),
        "ExtendedKeyUsages": extended_key_usages(certificate),
        "DomainValidationOptions": [],
        "Options": {"CertificateTransparencyLoggingPreference": "DISABLED"},
    }


def _check_again(former: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    if new["KeyAlgorithm"] != former["KeyAlgorithm"]:
        raise InvalidCertificateError(
            f"The key type and size cannot be changed on re-import: {former['KeyAlgorithm']} is not "
            f"{new['KeyAlgorithm']}."
        )
    may_go = _MAY_GO_OF_ELLIPTIC if new["KeyAlgorithm"].startswith("EC_") else _MAY_GO
    for field in ("KeyUsages", "ExtendedKeyUsages"):
        gone = set(former[field]) - set(new[field]) - may_go.get(field, set())
        if gone:
            raise InvalidCertificateError(f"{field} cannot be removed on re-import: {', '.join(sorted(gone))}.")
