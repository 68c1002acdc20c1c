"""KMS clients: the operations that this package calls, and one client for each Region."""

# The parameters of KMS operations are spelled as AWS spells them.
# ruff: noqa: N803

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, Protocol, TypeAlias


class KmsClient(Protocol):
    """The three operations of a KMS client that this package calls; grant tokens are left out if there are none."""

    def generate_data_key(
        self, *, KeyId: str, NumberOfBytes: int, EncryptionContext: Mapping[str, str], GrantTokens: Sequence[str] = ...
    ) -> Mapping[str, Any]:
        """Call `kms:GenerateDataKey`."""
        ...

    def encrypt(
        self,
        *,
        KeyId: str,
        Plaintext: bytes | bytearray,
        EncryptionContext: Mapping[str, str],
        GrantTokens: Sequence[str] = ...,
    ) -> Mapping[str, Any]:
        """Call `kms:Encrypt`."""
        ...

    def decrypt(
        self,
        *,
        KeyId: str,
        CiphertextBlob: bytes,
        EncryptionContext: Mapping[str, str],
        GrantTokens: Sequence[str] = ...,
    ) -> Mapping[str, Any]:
        """Call `kms:Decrypt`."""
        ...


MakeClient: TypeAlias = Callable[[str], KmsClient]
"""Makes a KMS client for the Region that it is given; `kms_retries.kms_config` says with which settings."""


class ClientOfRegion:
    """Makes the client of a Region when it is first asked for, and only once.

    To make a client costs tens of milliseconds, a call of KMS a few. No message adds a Region: those of a keyring
    were all named when it was made.
    """

    def __init__(self, make: MakeClient) -> None:
        """Name the maker.

        Args:
            make: Makes a KMS client for a Region. It is never called twice at a time, which boto3 would not bear.
        """
        self._make = make
        self._made: dict[str, KmsClient] = {}
        self._lock = Lock()

    def __call__(self, region: str) -> KmsClient:
        """Give the client of a Region.

        Args:
            region: The Region.

        Returns:
            Its client.
        """
        with self._lock:
            client = self._made.get(region)
            if client is None:
                client = self._made[region] = self._make(region)
            return client
