"""Certificates that wait for somebody's records in an outside DNS: what serves them is told of the gate."""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import aws_cdk as cdk

if TYPE_CHECKING:
    from aws_cdk import aws_certificatemanager as acm


@runtime_checkable
class AwaitsRecords(Protocol):
    """A certificate that says which records somebody must write before ACM issues it; none if nobody must."""

    validation_records: tuple[str, ...]


def hint_records(certificate: "acm.ICertificate") -> None:
    """Announce that a service refuses a certificate until ACM has issued it, and which certificate says so clearly.

    ACM lets none be used before: https://docs.aws.amazon.com/acm/latest/userguide/acm-services.html

    Args:
        certificate: The certificate.
    """
    if isinstance(certificate, AwaitsRecords) and certificate.validation_records:
        cdk.Annotations.of(certificate).add_info_v2(
            "cdk-key-management:awaited-records",
            f"{certificate.node.path} is issued when somebody has written its validation records; until then what "
            "serves it is refused. Serve certificate.once_issued(scope, id), whose deployment says which are missing",
        )
