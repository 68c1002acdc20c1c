"""A keyring that takes the key's ARN from the message, within limits: for messages of many writers."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NoReturn

from envelope.errors import EnvelopeError, InvalidRequest, KeyAccessDenied, KeyUnavailable, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.key_arns import KeyArn
from envelope.keys.keyring import DataKey
from envelope.keys.kms_clients import ClientOfRegion, MakeClient
from envelope.keys.kms_key import KmsKey, key_arn_in
from envelope.keys.kms_remedies import most_useful
from envelope.limits import DECRYPTS_OF_KEY_MAX, ENCRYPTED_DATA_KEYS_MAX


class DiscoveryKeyring:
    """Data keys under whichever key a message names, in accounts that are trusted (AWS KMS discovery keyring).

    Without a filter the sender of a message would choose whose KMS is asked: his own key in his own account, say,
    whose log then tells him who reads what and when; and with invented Regions he would choose how long names are
    looked up that nobody has. So partition, accounts and Regions must be named, and what they do not admit costs no
    call. IAM still decides which of the admitted keys the caller may use.

    It only decrypts: which key to encrypt with, no message can say.

    Examples:
        >>> DiscoveryKeyring(lambda region: None, partition="aws", accounts=["111122223333"], regions=["us-west-2"])
        DiscoveryKeyring(partition='aws', accounts=['111122223333'], regions=['us-west-2'], replica_region=None)
    """

    def __init__(
        self,
        clients: MakeClient,
        *,
        partition: str,
        accounts: Collection[str],
        regions: Collection[str],
        replica_region: str | None = None,
        grant_tokens: Sequence[str] = (),
    ) -> None:
        """Say which keys are asked.

        Args:
            clients: Makes a KMS client for a Region. It is asked once for each Region, when that is first needed.
            partition: The only partition whose keys are asked, for example `aws`.
            accounts: The only accounts whose keys are asked; at least one.
            regions: The only Regions that are asked; at least one.
            replica_region: Where multi-Region keys are asked, whatever Region a message names: the function's own
                Region spares it a call across the world (AWS KMS MRK discovery keyring). Default: the message's.
            grant_tokens: Tokens of grants that were made moments ago and that KMS may not know everywhere yet.
                Default: none.

        Raises:
            ValueError: If an account, a Region or the partition cannot be that of a key, if there is no account or
                no Region, or if multi-Region keys were to be asked in a Region that is not admitted.
        """
        if isinstance(accounts, str) or not accounts:
            raise ValueError(f"accounts must be a collection of account ids, not empty, got {accounts!r}")
        if isinstance(regions, str) or not regions:
            raise ValueError(f"regions must be a collection of Regions, not empty, got {regions!r}")
        for account in accounts:
            for region in regions:
                KeyArn.parse(f"arn:{partition}:kms:{region}:{account}:key/0")
        if replica_region is not None and replica_region not in regions:
            raise ValueError(f"replica_region must be one of {sorted(regions)}, got {replica_region!r}")
        self._partition = partition
        self._accounts = frozenset(accounts)
        self._regions = frozenset(regions)
        self._replica_region = replica_region
        self._clients = ClientOfRegion(clients)
        self._grant_tokens = tuple(grant_tokens)

    def __repr__(self) -> str:
        """Say which keys are asked."""
        return (
            f"{type(self).__name__}(partition={self._partition!r}, accounts={sorted(self._accounts)!r}, "
            f"regions={sorted(self._regions)!r}, replica_region={self._replica_region!r})"
        )

    def generate_data_key(self, context: EncryptionContext) -> NoReturn:  # noqa: ARG002  # the interface's
        """Refuse.

        Args:
            context: Not looked at.

        Raises:
            InvalidRequest: Always.
        """
        raise InvalidRequest("keyring must name a key to encrypt with, got one for discovery, which only decrypts")

    def decrypt_data_key(
        self, encrypted_data_keys: Sequence[EncryptedDataKey], context: EncryptionContext, *, key_bytes: int
    ) -> DataKey:
        """Let KMS decrypt the data key of a message, under whichever admitted key of it answers first.

        Args:
            encrypted_data_keys: As the header has them. Those whose key is not admitted cost no call, no key
                is asked for more than two, and there are never more than five calls.
            context: What the data key was bound to.
            key_bytes: How long the data key must be.

        Returns:
            The data key.

        Raises:
            NotAuthentic: If none of them is under an admitted key and this context.
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for, for at least
                one of the keys.
            InvalidRequest: If KMS does not take the context.
        """
        admitted = [(candidate, arn) for candidate in encrypted_data_keys if (arn := self._admitted(candidate))]
        failures: dict[KeyArn, EnvelopeError] = {}
        tries: Counter[KeyArn] = Counter()
        for candidate, arn in admitted[:ENCRYPTED_DATA_KEYS_MAX]:
            if arn in failures or tries[arn] == DECRYPTS_OF_KEY_MAX:
                continue
            tries[arn] += 1
            key = KmsKey(arn, clients=self._clients, grant_tokens=self._grant_tokens)
            try:
                return key.decrypt_data_key(candidate.ciphertext, context, key_bytes=key_bytes)
            except NotAuthentic:
                continue
            except (KeyAccessDenied, KeyUnavailable) as error:
                failures[arn] = error
        failure = most_useful([*failures.values()])
        raise failure from next(iter(failures.values()), None)

    def _admitted(self, candidate: EncryptedDataKey) -> KeyArn | None:
        """Give the ARN to call KMS with, or None if KMS must not be called."""
        arn = key_arn_in(candidate)
        if arn is None:
            return None
        if self._replica_region is not None and arn.is_multi_region:
            arn = arn.in_region(self._replica_region)
        # After that: what is admitted or not is the key that is asked.
        is_admitted = arn.partition == self._partition and arn.account in self._accounts and arn.region in self._regions
        return arn if is_admitted else None
