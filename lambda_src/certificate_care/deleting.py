"""Deleting a certificate, which ACM refuses while something uses it.

https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from certificate_care.aws_answers import answer_or_code
from certificate_care.describing import DescribesCertificates, described
from certificate_care.errors import StillInUse
from certificate_care.waiting import Waiting

_GONE: Final = "ResourceNotFoundException"
_IN_USE: Final = "ResourceInUseException"
_BUSY: Final = "ConflictException"
_SECONDS_IN_USE: Final = 300.0
_MOST_USERS_TOLD: Final = 4


class DeletesCertificates(DescribesCertificates, Protocol):
    """The calls of ACM that this makes."""

    def delete_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
        """Delete a certificate."""


def delete(client: DeletesCertificates, certificate_arn: str, *, waiting: Waiting) -> None:
    """Delete a certificate; that it is gone already is as good.

    What served it may have gone a moment ago, which ACM hears of later: this waits for some minutes.

    Args:
        client: Speaks to ACM.
        certificate_arn: The certificate.
        waiting: Waits.

    Raises:
        StillInUse: If something uses it still.
    """
    patience = waiting.at_most(_SECONDS_IN_USE)
    while True:
        found = answer_or_code(
            "acm:DeleteCertificate",
            lambda: client.delete_certificate(CertificateArn=certificate_arn),
            told=frozenset({_GONE, _IN_USE, _BUSY}),
        )
        if not isinstance(found, str) or found == _GONE:
            return
        if not patience.a_while():
            raise StillInUse(
                f"{certificate_arn} must be in use by nothing to be deleted, got {_users(client, certificate_arn)}: "
                "let that use another certificate, then delete again"
            )


def _users(client: DeletesCertificates, certificate_arn: str) -> str:
    users = [str(each) for each in (described(client, certificate_arn) or {}).get("InUseBy", [])]
    if not users:
        return "a use that ACM does not name"
    more = len(users) - _MOST_USERS_TOLD
    return ", ".join(users[:_MOST_USERS_TOLD]) + (f" and {more} more" if more > 0 else "")
