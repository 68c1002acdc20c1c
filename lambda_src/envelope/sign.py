"""ECDSA over the hash of a message: who holds only the wrapping key can read messages and not write one."""

import base64
import binascii
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from envelope.errors import NotAuthentic
from envelope.suites import SignatureScheme

_CURVES: dict[str, ec.EllipticCurve] = {"secp256r1": ec.SECP256R1(), "secp384r1": ec.SECP384R1()}
_PREHASHED = {"sha256": Prehashed(hashes.SHA256()), "sha384": Prehashed(hashes.SHA384())}


class SigningKey:
    """The key that signs one message, or those that share a cached data key; nobody keeps it.

    Examples:
        >>> from envelope.suites import COMMITTING_SIGNED
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
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.public_key = base64.b64encode(point).decode()

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

        A DER signature is as long as its two numbers happen to be. As the other writers of the format do, this
        signs until the length is the usual one (one of two signatures is), so that the length of a message is known
        before it is written.

        Args:
            digest: The hash of every byte of header and body.

        Returns:
            A DER signature of exactly `signature_bytes`.
        """
        algorithm = ec.ECDSA(_PREHASHED[self._scheme.hash_name])
        signature = self._key.sign(digest, algorithm)
        while len(signature) != self._scheme.signature_bytes:
            signature = self._key.sign(digest, algorithm)
        return signature

    def __repr__(self) -> str:
        """Hide the key."""
        return f"{type(self).__name__}(hidden)"


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
        point = base64.b64decode(public_key, validate=True)
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[scheme.curve], point)
        key.verify(signature, digest, ec.ECDSA(_PREHASHED[scheme.hash_name]))
    except (InvalidSignature, binascii.Error, ValueError):
        # Without its cause: the caller must not learn which check refused.
        raise NotAuthentic from None
