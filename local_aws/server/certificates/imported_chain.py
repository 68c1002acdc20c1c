"""Whether a chain certifies a certificate: each one directly the one before it, in order.

https://docs.aws.amazon.com/acm/latest/userguide/troubleshoot-import.html
"""

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from local_aws.server.certificates.errors import InvalidCertificateError


def check_chain(certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
    """Check what ACM checks; the root may be left out.

    Args:
        certificate: The one that is imported.
        chain: Its authorities, the nearest first.

    Raises:
        InvalidCertificateError: If ACM refuses the chain.
    """
    if not chain:
        if not _certifies(certificate, certificate):
            raise InvalidCertificateError(
                "Provided certificate is not a valid self signed. Please provide either a valid self-signed "
                "certificate or certificate chain."
            )
        return
    for index, each in enumerate(chain):
        below = chain[index - 1] if index else certificate
        if each == certificate or (index and not _certifies(each, below)):
            raise InvalidCertificateError(
                "Unable to validate certificate chain. The certificate chain must start with the immediate signing "
                "certificate, followed by any intermediaries in order. The index within the chain of the invalid "
                f"certificate is: {index}"
            )
        if not index and not _certifies(each, below):
            raise InvalidCertificateError("Could not validate the certificate with the certificate chain.")


def _certifies(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
