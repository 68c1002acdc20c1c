"""The raw ECDH keyring of the AWS Encryption SDKs: the recipient's side, for senders known or not."""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from envelope.format.encrypted_data_keys import EncryptedDataKey
from tests.support.keyrings.counter_derivation import counter_derivation
from tests.support.keyrings.unwrapping import UnwrappingKeyring

_SALT_BYTES = 32
_COMMITMENT_BYTES = 32
_VERSION = b"\x01"


class RawEcdh(UnwrappingKeyring):
    """Data keys under a key that sender and recipient agree on."""

    def __init__(self, *, recipient_key: str, sender_key: str | None = None) -> None:
        """Know the recipient's private key, and the sender's if nobody else may have written."""
        self._recipient = _private(recipient_key)
        self._sender = None if sender_key is None else _compressed(_private(sender_key).public_key())

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:
        """Agree on a key, check the commitment to it, and decrypt with it."""
        ours = _compressed(self._recipient.public_key())
        prefix = _VERSION + len(ours).to_bytes(4) + ours + len(ours).to_bytes(4)
        sender = key.provider_info[len(prefix) :]
        if key.provider_id != b"raw-ecdh" or not key.provider_info.startswith(prefix):
            return None
        if self._sender is not None and self._sender != sender:
            return None
        curve = self._recipient.curve
        secret = self._recipient.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(curve, sender))
        name = f"p{curve.key_size}".encode()
        label = b"\x00".join([b"ecdh-key-derivation", name, b"HMAC_SHA384", sender + ours, _VERSION, context])
        salt, rest = key.ciphertext[:_SALT_BYTES], key.ciphertext[_SALT_BYTES:]
        derived = counter_derivation(secret, label=label, salt=salt, length=64, hash_name="sha384")
        if not hmac.compare_digest(rest[:_COMMITMENT_BYTES], derived[:_COMMITMENT_BYTES]):
            return None
        try:
            return AESGCM(derived[_COMMITMENT_BYTES:]).decrypt(bytes(12), rest[_COMMITMENT_BYTES:], label)
        except InvalidTag:
            return None


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(text.encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
