"""Certificates that somebody else than AWS issues, put into the secret from where they are imported."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from local_aws.authority import Authority, Signed
from local_aws.demo.people import Person

_LIFETIME: Final = timedelta(days=90)
_GONE_BY: Final = timedelta(days=-1)


def _own_authority() -> Authority:
    return Authority("An authority of one's own", lifetime=10 * _LIFETIME)


@dataclass(frozen=True, kw_only=True)
class OwnCertificates:
    """An authority, and who puts into a secret what it signs.

    Attributes:
        name: The domain name of every certificate.
        secret_arn: The secret.
        certifier: Who may put one there.
        authority: What signs them.
    """

    name: str
    secret_arn: str
    certifier: Person
    authority: Authority = field(default_factory=_own_authority)

    def put(self) -> Signed:
        """Put one there that is right."""
        return self._put(self.authority.sign(self.name, lifetime=_LIFETIME))

    def put_expired(self) -> Signed:
        """Put one there that was right until yesterday."""
        return self._put(self.authority.sign(self.name, lifetime=_GONE_BY))

    def _put(self, signed: Signed) -> Signed:
        value = {
            "certificate": signed.certificate,
            "certificate_chain": signed.chain,
            "private_key": signed.private_key,
        }
        secrets = self.certifier.session.client("secretsmanager")
        secrets.put_secret_value(SecretId=self.secret_arn, SecretString=json.dumps(value))
        return signed
