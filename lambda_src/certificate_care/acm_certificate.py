"""An imported certificate in ACM: imported first, replaced under the same ARN, and looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from certificate_care.acceptance import Accepted, Served
from certificate_care.aws_answers import answer, answer_or_code
from certificate_care.deletion import DeletesCertificates
from certificate_care.errors import AccessDenied, CertificateRefused, InvalidEvent
from certificate_care.waiting import Waiting

_NOT_FOUND: Final = "ResourceNotFoundException"
_NO_ROOM: Final = "LimitExceededException"
_LONGEST_WORD: Final = 48  # a line of PEM has 64 characters


class ImportsCertificates(DeletesCertificates, Protocol):
    """The calls of ACM that this makes."""

    def import_certificate(self, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401  # as AWS calls them
        """Import a certificate, or import it over another one."""

    def get_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
        """Answer with a certificate and its chain."""


@dataclass(frozen=True, slots=True)
class AcmCertificate:
    """One certificate in ACM.

    Attributes:
        client: Who speaks to ACM.
        arn: Which one.
    """

    client: ImportsCertificates
    arn: str

    @staticmethod
    def first(
        client: ImportsCertificates, accepted: Accepted, *, tags: Sequence[Mapping[str, str]], waiting: Waiting
    ) -> "AcmCertificate":
        """Import one that ACM does not have yet.

        Args:
            client: Who speaks to ACM.
            accepted: It.
            tags: What it carries; a later import cannot carry any.
            waiting: How long to wait until the function's role may.

        Returns:
            It, in ACM.

        Raises:
            CertificateRefused: If ACM refuses it.
            CertificateCareError: Another one of its kinds if ACM does not answer.
        """
        return AcmCertificate(client, waiting.until_allowed(lambda: _imported(client, accepted, {"Tags": tags})))

    def replace(self, accepted: Accepted) -> None:
        """Import another one in its place: whatever serves it serves the other one soon.

        https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html

        Args:
            accepted: The other one.

        Raises:
            CertificateRefused: If ACM refuses it.
            CertificateCareError: Another one of its kinds if ACM does not answer.
        """
        _imported(self.client, accepted, {"CertificateArn": self.arn})

    def served(self) -> Served | None:
        """Look at it.

        Returns:
            What is in service; None if ACM does not have it any more.

        Raises:
            CertificateCareError: One of its kinds if ACM does not answer.
        """
        found = answer_or_code(
            "acm:GetCertificate",
            lambda: self.client.get_certificate(CertificateArn=self.arn),
            told=frozenset({_NOT_FOUND}),
        )
        return None if isinstance(found, str) else Served.of(found)


def _imported(client: ImportsCertificates, accepted: Accepted, further: Mapping[str, object]) -> str:
    request = {"Certificate": accepted.certificate, "PrivateKey": accepted.private_key, **further}
    if accepted.chain:
        request["CertificateChain"] = accepted.chain
    return str(_asked(lambda: client.import_certificate(**request))["CertificateArn"])


def _asked(call: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return answer("acm:ImportCertificate", call)
    except InvalidEvent as error:
        # What ACM says of the request goes into the reason, unless a word of it is long enough to be a piece of a key.
        said = str(error)
        refused = said if max(map(len, said.split())) <= _LONGEST_WORD else "acm:ImportCertificate refused"
    if _NO_ROOM in refused:
        raise AccessDenied(f"the account must have room for another imported certificate, got {refused}")
    raise CertificateRefused(
        f"certificate must be one that ACM takes, its key of the same family as the key that signed it, got {refused}"
    )
