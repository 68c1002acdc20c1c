"""A keyring on configured KMS keys: no message can make it ask any other key."""

from collections.abc import Sequence
from enum import Enum
from itertools import combinations

from envelope.errors import EnvelopeError, KeyAccessDenied, KeyUnavailable, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.key_arns import KeyArn
from envelope.keys.keyring import DataKey
from envelope.keys.kms_clients import ClientOfRegion, MakeClient
from envelope.keys.kms_key import KmsKey, key_arn_in
from envelope.keys.kms_remedies import most_useful
from envelope.limits import DECRYPTS_OF_KEY_MAX, ENCRYPTED_DATA_KEYS_MAX


class Purpose(Enum):
    """What a keyring is for."""

    ENCRYPT_AND_DECRYPT = "encrypt and decrypt"
    """Each of its keys encrypts every data key, so there are no more of them than a reader looks at."""
    DECRYPT = "decrypt"
    """Its keys are those of different messages, and there may be any number of them."""


class KmsKeyring:
    """Data keys under one or several KMS keys, in strict mode (AWS KMS keyring; AWS KMS MRK keyring).

    The first key makes each data key, the further ones encrypt it too, and any one of them opens the message: that
    is what a second key in another Region or account is for. To encrypt, all of them must answer, since a message
    without one of its keys would be noticed only on the day it is needed.

    To decrypt, the keys are asked in the order in which they are configured, whatever order a message has. Put the
    key of the function's own Region first: then KMS elsewhere is asked only if KMS here has no answer.

    Examples:
        >>> arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        >>> KmsKeyring(lambda region: None, key_arn=arn)
        KmsKeyring(key_arns=('arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',))
    """

    def __init__(
        self,
        clients: MakeClient,
        *,
        key_arn: str,
        further_key_arns: Sequence[str] = (),
        grant_tokens: Sequence[str] = (),
        purpose: Purpose = Purpose.ENCRYPT_AND_DECRYPT,
    ) -> None:
        """Name the keys.

        Args:
            clients: Makes a KMS client for a Region. It is asked once for each Region, when that is first needed.
            key_arn: The ARN of the key that makes data keys. Not of an alias, which can be pointed at another key.
            further_key_arns: The ARNs of the keys that encrypt every data key too, in the order in which messages
                will have them. Default: none.
            grant_tokens: Tokens of grants that were made moments ago and that KMS may not know everywhere yet.
                Default: none.
            purpose: Whether it also makes data keys. Default: it does.

        Raises:
            ValueError: If one of them is anything else than the ARN of a key, if one key or two replicas of one
                multi-Region key are named twice, or if it makes data keys and has more keys than a reader looks at.
        """
        arns = [KeyArn.parse(text) for text in (key_arn, *further_key_arns)]
        for one, other in combinations(arns, 2):
            if one.is_related_to(other):
                raise ValueError(f"further_key_arns must be keys unlike each other, got {one} and {other}")
        if purpose is Purpose.ENCRYPT_AND_DECRYPT and len(arns) > ENCRYPTED_DATA_KEYS_MAX:
            raise ValueError(f"further_key_arns must be at most {ENCRYPTED_DATA_KEYS_MAX - 1}, got {len(arns) - 1}")
        made = ClientOfRegion(clients)
        self._keys = [KmsKey(arn, clients=made, grant_tokens=grant_tokens) for arn in arns]
        self._purpose = purpose
        self.key_arns = tuple(str(arn) for arn in arns)

    @property
    def key_arn(self) -> str:
        """The ARN of the key that makes data keys."""
        return self.key_arns[0]

    def __repr__(self) -> str:
        """Name the keys."""
        return f"{type(self).__name__}(key_arns={self.key_arns!r})"

    def generate_data_key(self, context: EncryptionContext) -> tuple[DataKey, Sequence[EncryptedDataKey]]:
        """Let KMS make a data key, and encrypt it under every further key.

        Args:
            context: What KMS binds it to and writes into its log.

        Returns:
            The data key, and the data key encrypted under each key, in their order.

        Raises:
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for.
            InvalidRequest: If KMS does not take the context.
            ValueError: If it is one that decrypts only.
        """
        if self._purpose is Purpose.DECRYPT:
            raise ValueError("purpose must be ENCRYPT_AND_DECRYPT to make a data key, got DECRYPT")
        first, *further = self._keys
        data_key, encrypted = first.generate_data_key(context)
        try:
            return data_key, (encrypted, *(key.encrypt_data_key(data_key, context) for key in further))
        except BaseException as error:
            data_key.__exit__(error)
            raise

    def decrypt_data_key(
        self, encrypted_data_keys: Sequence[EncryptedDataKey], context: EncryptionContext, *, key_bytes: int
    ) -> DataKey:
        """Let KMS decrypt the data key of a message, under whichever of the keys answers first.

        Args:
            encrypted_data_keys: As the header has them. Those that are under none of the keys cost no call, and no
                key is asked for more than two.
            context: What the data key was bound to.
            key_bytes: How long the data key must be.

        Returns:
            The data key.

        Raises:
            NotAuthentic: If none of them is under one of the keys and this context.
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for, for at least
                one of the keys.
            InvalidRequest: If KMS does not take the context.
        """
        candidates = [(candidate, key_arn_in(candidate)) for candidate in encrypted_data_keys]
        failures: list[EnvelopeError] = []
        for key in self._keys:
            under_key = [candidate for candidate, arn in candidates if arn is not None and key.arn.is_related_to(arn)]
            for candidate in under_key[:DECRYPTS_OF_KEY_MAX]:
                try:
                    return key.decrypt_data_key(candidate.ciphertext, context, key_bytes=key_bytes)
                except NotAuthentic:
                    # Said about this encrypted data key; another one may be good.
                    continue
                except (KeyAccessDenied, KeyUnavailable) as error:
                    # Said about this key, and it would say so again; another key may be good.
                    failures.append(error)
                    break
        failure = most_useful(failures)
        raise failure from next(iter(failures), None)
