"""The current value of the secret, read anew each time, so that an event that comes late imports nothing old."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from certificate_care.aws_answers import answer_or_code
from certificate_care.errors import CertificateRefused

_NOT_FOUND: Final = "ResourceNotFoundException"
_CURRENT: Final = "AWSCURRENT"


class ReadsSecrets(Protocol):
    """The one call of Secrets Manager that this makes."""

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
        """Answer with a version of a secret."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the secret.

    Attributes:
        version_id: Its id.
        value: Its text.
    """

    version_id: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CurrentSecret:
    """A secret, of which only the current version counts: not the one that a rotation is still testing.

    Attributes:
        client: Who reads secrets.
        arn: Which one.
    """

    client: ReadsSecrets
    arn: str

    def read(self) -> Version:
        """Read the id and the value of the current version at once, so that they belong together.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html

        Returns:
            The version.

        Raises:
            CertificateRefused: If there is no current value, or it is not a text.
            CertificateCareError: Another one of its kinds if Secrets Manager does not answer.
        """
        found = answer_or_code(
            "secretsmanager:GetSecretValue",
            lambda: self.client.get_secret_value(SecretId=self.arn, VersionStage=_CURRENT),
            told=frozenset({_NOT_FOUND}),
        )
        if isinstance(found, str):
            raise CertificateRefused(
                f"secret {self.arn} must exist and have a value that is labelled {_CURRENT}, got none: whoever may "
                "write it puts a JSON object with certificate, private_key and certificate_chain, each in PEM"
            )
        if not isinstance(found.get("SecretString"), str):
            raise CertificateRefused("secret must hold a text (SecretString), got bytes (SecretBinary)")
        return Version(str(found["VersionId"]), found["SecretString"])
