"""ECDSA over the hash of a message: who holds only the wrapping key can read messages and not write one."""

import base64
import binascii
from functools import lru_cache
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature

from envelope.errors import NotAuthentic
from envelope.format.suites import SignatureScheme

_CURVES: dict[str, ec.EllipticCurve] = {"secp256r1": ec.SECP256R1(), "secp384r1": ec.SECP384R1()}
_PREHASHED = {"sha256": Prehashed(hashes.SHA256()), "sha384": Prehashed(hashes.SHA384())}


class SigningKey:
    """The key that signs one message, or those that share a cached data key; nobody keeps it.

    Examples:
        >>> from envelope.format.suites import COMMITTING_SIGNED
        >>> scheme = COMMITTING_SIGNED.signature
        >>> key = SigningKey.generate(scheme)
        >>> signature = key.sign(bytes(48))
        >>> len(signature) == scheme.signature_bytes
        True
        >>> verify_signature(signature, digest=bytes(48), public_key=key.public_key, scheme=scheme)
    """

    __slots__ = ("_key", "_scheme", "public_key")

    def __init__(self, key: ec.EllipticCurvePrivateKey, *, scheme: SignatureScheme) -> None:
        """Take a private key.

        Args:
            key: A key on the curve of the scheme.
            scheme: How to sign.
        """
        self._key = key
        self._scheme = scheme
        self.public_key = base64.b64encode(_compressed(key.public_key())).decode()

    @classmethod
    def generate(cls, scheme: SignatureScheme) -> Self:
        """Make a new key.

        Args:
            scheme: How to sign.

        Returns:
            The key, with its `public_key` in the form in which the encryption context carries it.
        """
        return cls(ec.generate_private_key(_CURVES[scheme.curve]), scheme=scheme)

    def sign(self, digest: bytes) -> bytes:
        """Sign the hash of a message.

        A DER signature is as long as its two numbers happen to be. Their second one has a twin: negated, it signs the
        same. One of two signatures has the usual length, and of the others nearly all have it with the twin. So, as
        from the other writers of the format, signatures have one length, and that of a message is known before it is
        written.

        Args:
            digest: The hash of every byte of header and body.

        Returns:
            A DER signature of exactly `signature_bytes`.
        """
        algorithm = ec.ECDSA(_PREHASHED[self._scheme.hash_name])
        order = _CURVES[self._scheme.curve].group_order
        while True:
            signature = self._key.sign(digest, algorithm)
            if len(signature) != self._scheme.signature_bytes:
                first, second = decode_dss_signature(signature)
                signature = encode_dss_signature(first, order - second)
            if len(signature) == self._scheme.signature_bytes:
                return signature

    def __repr__(self) -> str:
        """Hide the key."""
        return f"{type(self).__name__}(hidden)"


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    """Write a point as SEC 1 does, 2.3.3; what `cryptography` has for it loads every format of keys that there is."""
    point = key.public_numbers()
    return (2 + point.y % 2).to_bytes(1) + point.x.to_bytes((key.key_size + 7) // 8)


def verify_signature(signature: bytes, *, digest: bytes, public_key: str, scheme: SignatureScheme) -> None:
    """Check the footer of a message (message footer, "Signature").

    Args:
        signature: A DER signature, of any length.
        digest: The hash of every byte of header and body.
        public_key: The verification key from the header's encryption context, after the header was found genuine.
        scheme: How the message is signed.

    Raises:
        NotAuthentic: If the signature is not one of that key over that hash, or if the key is none.
    """
    try:
        key = _verification_key(public_key, scheme.curve)
        key.verify(signature, digest, ec.ECDSA(_PREHASHED[scheme.hash_name]))
    except (InvalidSignature, binascii.Error, ValueError):
        # Without its cause: the caller must not learn which check refused.
        raise NotAuthentic from None


@lru_cache(maxsize=128)  # to find the point costs a tenth of a verification, and records share their keys
def _verification_key(text: str, curve: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[curve], base64.b64decode(text, validate=True))
