"""What a message says of itself, before anything of it is verified."""

from dataclasses import dataclass
from typing import Any, Self

from envelope.errors import MalformedMessage
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import AlgorithmSuite, CommitmentPolicy
from kms_envelope.algorithm_name import algorithm_name
from kms_envelope.body_facts import BodyFacts
from kms_envelope.message_ends import MessageEnds


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The claims of a header, and what its length and its last frame say about its body.

    Attributes:
        header: The header as it came.
        message_bytes: Length of the whole message.
        body: How the body is divided. None: it does not end as a body does.
    """

    header: UnverifiedHeader
    message_bytes: int
    body: BodyFacts | None

    @classmethod
    def of(cls, ends: MessageEnds) -> Self:
        """Look at a message.

        Args:
            ends: Its beginning and its end.

        Returns:
            The facts.

        Raises:
            LimitExceeded: If it has longer frames than are looked at.
        """
        try:
            body = BodyFacts.of(ends)
        except MalformedMessage:
            body = None
        return cls(header=ends.header, message_bytes=ends.message_bytes, body=body)

    def to_dict(self) -> dict[str, Any]:
        """Give the facts as JSON takes them.

        Returns:
            A new dictionary.
        """
        header, suite = self.header, self.header.suite
        return {
            "verified": False,
            "message_format": suite.message_format,
            "algorithm_suite": {"id": suite.name, "name": algorithm_name(suite)},
            "key_commitment": suite.commits,
            "signed": suite.signature is not None,
            "commitment_policy": least_policy(suite).name,
            "message_id": header.message_id.hex(),
            "encryption_context": header.context.to_dict(),
            "encrypted_data_keys": [_key(each) for each in header.encrypted_data_keys],
            "header_bytes": header.length,
            "frame_bytes": header.frame_length or None,
            "message_bytes": self.message_bytes,
            "frames": self.body.frames if self.body else None,
            "plaintext_bytes": self.body.plaintext_bytes if self.body else None,
        }


def least_policy(suite: AlgorithmSuite) -> CommitmentPolicy:
    """Say which commitment policy it takes at least to read a message.

    Args:
        suite: The suite of the message.

    Returns:
        The strictest policy that admits it.

    Examples:
        >>> from envelope.format.suites import SUITES
        >>> least_policy(SUITES[0x0178]).name
        'REQUIRE_ENCRYPT_ALLOW_DECRYPT'
    """
    return next(policy for policy in CommitmentPolicy if policy.admits(suite))


def _key(encrypted: EncryptedDataKey) -> dict[str, Any]:
    return {
        "provider": _text(encrypted.provider_id),
        "key": _text(encrypted.provider_info),
        "bytes": len(encrypted.ciphertext),
    }


def _text(data: bytes) -> str:
    # For KMS the ARN of a key; other providers put what they like there. No two of them may look alike, so that a
    # backslash is escaped as well.
    return data.replace(b"\\", rb"\\").decode(errors="backslashreplace")
