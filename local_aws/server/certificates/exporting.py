"""ExportCertificate: the certificate with its private key, encrypted, if the request asked for that possibility.

https://docs.aws.amazon.com/acm/latest/userguide/export-public-certificate.html
"""

import base64

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from local_aws.server.certificates.errors import AcmError
from local_aws.server.certificates.issuing import settle
from local_aws.server.certificates.public_certificates import files_of
from local_aws.server.certificates.records import AMAZON_ISSUED, ISSUED, record_of
from local_aws.server.certificates.registry import Request

_SHORTEST = 4


def export_certificate(request: Request) -> Request:
    """Export a certificate.

    Raises:
        AcmError: If there is none, or none that can be exported.
    """
    record = settle(record_of(request.get("CertificateArn")))
    arn, passphrase = record["CertificateArn"], base64.b64decode(request.get("Passphrase") or "")
    if record["Type"] != AMAZON_ISSUED or record["Options"].get("Export") != "ENABLED":
        raise AcmError("ValidationException", f"Certificate {arn} is not exportable.")
    if record["Status"] != ISSUED:
        raise AcmError("RequestInProgressException", f"The certificate request {arn} is in progress.")
    if len(passphrase) < _SHORTEST:
        raise AcmError("ValidationException", "The passphrase must have at least 4 characters.")
    files = files_of(record)
    record["_exported"] = True
    key = load_pem_private_key(files["_private_key"].encode(), password=None)
    encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
    return {
        "Certificate": files["_pem_body"],
        "CertificateChain": files["_pem_chain"],
        "PrivateKey": encrypted.decode(),
    }
