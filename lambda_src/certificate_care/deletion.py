"""Deleting a certificate of ACM, which is refused as long as something serves it."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from certificate_care.aws_answers import answer_or_code
from certificate_care.errors import StillInUse
from certificate_care.waiting import Waiting

_GONE: Final = "ResourceNotFoundException"
_IN_USE: Final = "ResourceInUseException"
_BUSY: Final = "ConflictException"
_SECONDS_BETWEEN: Final = 5.0
_SECONDS_IN_USE: Final = 300.0
_USERS_TOLD: Final = 4


class DeletesCertificates(Protocol):
    """The calls of ACM that this makes."""

    def describe_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
        """Answer with what is known of a certificate."""

    def delete_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803
        """Delete a certificate."""


def delete(client: DeletesCertificates, certificate_arn: str, *, waiting: Waiting) -> None:
    """Delete a certificate; that it is gone already is as good.

    What served it may have gone a moment ago, which ACM hears of later: this waits for some minutes.
    https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html

    Args:
        client: Speaks to ACM.
        certificate_arn: The certificate.
        waiting: How long it may wait.

    Raises:
        StillInUse: If something serves it all the time; the text says what.
    """
    patience = waiting.at_most(_SECONDS_IN_USE)
    while True:
        found = answer_or_code(
            "acm:DeleteCertificate",
            lambda: client.delete_certificate(CertificateArn=certificate_arn),
            told=frozenset({_GONE, _IN_USE, _BUSY}),
        )
        if found not in (_IN_USE, _BUSY):
            return
        if not patience.a_while(_SECONDS_BETWEEN):
            raise StillInUse(
                f"{certificate_arn} must be served by nothing to be deleted, got {_users(client, certificate_arn)}: "
                "let that serve another certificate, then delete again"
            )


def _users(client: DeletesCertificates, certificate_arn: str) -> str:
    found = answer_or_code(
        "acm:DescribeCertificate",
        lambda: client.describe_certificate(CertificateArn=certificate_arn),
        told=frozenset({_GONE}),
    )
    users = [] if isinstance(found, str) else [str(each) for each in found["Certificate"].get("InUseBy", [])]
    more = len(users) - _USERS_TOLD
    return (", ".join(users[:_USERS_TOLD]) or "a use that ACM does not name") + (
        f" and {more} more" if more > 0 else ""
    )
