"""The raw RSA keyring of the AWS Encryption SDKs. It binds no encryption context."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from envelope.format.encrypted_data_keys import EncryptedDataKey
from tests.support.keyrings.unwrapping import UnwrappingKeyring
from tests.support.plain_header import WrappedKey

_HASHES: dict[str, type[SHA1 | SHA256 | SHA384 | SHA512]] = {
    "sha1": SHA1,  # noqa: S303  # published messages use it
    "sha256": SHA256,
    "sha384": SHA384,
    "sha512": SHA512,
}


def rsa_padding(algorithm: str, hash_name: str | None) -> AsymmetricPadding:
    """The padding that a manifest names; both hashes of OAEP are the same one."""
    if algorithm == "pkcs1":
        return PKCS1v15()
    chosen = _HASHES[str(hash_name)]
    return OAEP(mgf=MGF1(algorithm=chosen()), algorithm=chosen(), label=None)


@cache
def rsa_private_key(text: str) -> RSAPrivateKey:
    """Load a key, once."""
    # Published test keys need no proof that they are good ones, which takes a tenth of a second.
    key = load_pem_private_key(text.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    return key


class RawRsa(UnwrappingKeyring):
    """Data keys under one RSA key."""

    def __init__(self, *, namespace: str, name: str, private_key: str, padding: AsymmetricPadding) -> None:
        """Know the private key and what writers call it."""
        self._key, self._padding = rsa_private_key(private_key), padding
        self._namespace, self._name = namespace.encode(), name.encode()
        self._opened: dict[bytes, bytes] = {}

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:  # noqa: ARG002  # RSA binds none
        """Encrypt a data key, as the fields of a header."""
        return self._namespace, self._name, self._key.public_key().encrypt(data_key, self._padding)

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:  # noqa: ARG002  # RSA binds none
        """Decrypt with RSA; once for each data key, since it takes milliseconds and tests read messages twice."""
        if key.provider_id != self._namespace or key.provider_info != self._name:
            return None
        if key.ciphertext not in self._opened:
            try:
                self._opened[key.ciphertext] = self._key.decrypt(key.ciphertext, self._padding)
            except ValueError:
                return None
        return self._opened[key.ciphertext]
