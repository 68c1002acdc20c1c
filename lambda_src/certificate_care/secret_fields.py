"""What the secret holds: a JSON object with a certificate, its private key and its chain, each in PEM."""

import json
from dataclasses import dataclass, field
from typing import Final, Self

from certificate_care.errors import CertificateRefused

_CERTIFICATE: Final = "certificate"
_PRIVATE_KEY: Final = "private_key"
_CHAIN: Final = "certificate_chain"
_PASSPHRASE: Final = "passphrase"  # noqa: S105  # the name of a field
FIELDS: Final = (_CERTIFICATE, _PRIVATE_KEY, _CHAIN, _PASSPHRASE)
"""The fields that are read. The chain and the passphrase may be left out or empty; others are passed over."""

_SHAPE: Final = "a JSON object with the texts certificate, private_key and certificate_chain"


@dataclass(frozen=True, slots=True)
class SecretFields:
    """The texts in the secret, not looked into yet.

    Attributes:
        certificate: The server's certificate.
        chain: Those that lead from it to the root; may be empty.
        private_key: The private key, maybe encrypted.
        passphrase: Opens it; None if there is none.
    """

    certificate: str
    chain: str
    private_key: str = field(repr=False)
    passphrase: str | None = field(repr=False)

    @classmethod
    def of(cls, value: str) -> Self:
        """Read the value of the secret.

        Args:
            value: Its text.

        Returns:
            Its fields.

        Raises:
            CertificateRefused: If it is something else. The text holds nothing of it.

        Examples:
            >>> SecretFields.of('{"certificate": "c", "private_key": "k"}')
            SecretFields(certificate='c', chain='')
        """
        try:
            told = json.loads(value)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise CertificateRefused(f"secret must be {_SHAPE}, got something else")
        for name in FIELDS:
            if not isinstance(told.get(name, ""), str):
                raise CertificateRefused(f"{name} must be a text, got {type(told[name]).__name__}")
        for name in (_CERTIFICATE, _PRIVATE_KEY):
            if not told.get(name, "").strip():
                raise CertificateRefused(f"secret must be {_SHAPE}, got no {name}")
        return cls(told[_CERTIFICATE], told.get(_CHAIN, "").strip(), told[_PRIVATE_KEY], told.get(_PASSPHRASE) or None)
