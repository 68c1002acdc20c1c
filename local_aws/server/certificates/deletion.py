"""DeleteCertificate, which takes no certificate away from what serves it."""

from local_aws.server.certificates.errors import AcmError
from local_aws.server.certificates.in_use import users_of
from local_aws.server.certificates.records import forget, record_of
from local_aws.server.certificates.registry import Request


def delete_certificate(request: Request) -> Request:
    """Delete a certificate.

    Raises:
        AcmError: If there is none, or something serves it.
    """
    arn = record_of(request.get("CertificateArn"))["CertificateArn"]
    if users_of(arn):
        text = f"Certificate {arn} in account {arn.split(':')[4]} is in use."
        raise AcmError("ResourceInUseException", text)
    forget(arn)
    return {}
