"""Requester: the role of another account whose function asks for a certificate, as that zone's account names it."""

import re
from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Requester:
    """A role that may write validation records into a zone of another account.

    `ManagedCertificate.requester` tells the one of its function: literal text, so that the account of the zone can
    trust it before it exists.

    Attributes:
        account: The account of the role.
        role_name: Its whole name: the beginning of one would be that of other roles too.

    Raises:
        ConfigurationError: If a value is none of its kind.

    Examples:
        >>> Requester(account="111122223333", role_name="CertificateRequest-eu-central-1-0123456789ab").account
        '111122223333'
    """

    account: str
    role_name: str

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ConfigurationError: If one is none of its kind.
        """
        if not isinstance(self.account, str) or not _ACCOUNT.fullmatch(self.account):
            raise ConfigurationError(f"account must be the 12 digits of an account, got {spoken(self.account)}")
        if not isinstance(self.role_name, str) or not _ROLE_NAME.fullmatch(self.role_name):
            raise ConfigurationError(
                f"role_name must be the whole name of a role, without path or wildcard, got {spoken(self.role_name)}"
            )
