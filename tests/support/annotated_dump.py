"""What the documentation shows of the format: `PYTHONPATH=.:lambda_src python -m tests.support.annotated_dump`."""

from collections.abc import Iterator

from envelope import message
from envelope.format.context import EncryptionContext
from envelope.format.suites import SUITES, AlgorithmSuite, CommitmentPolicy
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.known_random import known_random

PLAINTEXT = b"hello, world"
FRAME_LENGTH = 8
CONTEXT = {"purpose": "docs", "tenant": "42"}
_WIDTH = 16


def small_message() -> bytes:
    """The message of the documentation: two frames, one data key, two pairs of context."""
    draw = known_random("documentation")
    sealed = message.encrypt(
        PLAINTEXT,
        keys=FreshDataKeys(KmsKeyring(FakeKms(random=draw), key_arn=KEY_ARN)),
        context=EncryptionContext.of(CONTEXT),
        frame_length=FRAME_LENGTH,
        unsafe_random=draw,
    )
    return bytes(sealed)


def fields() -> Iterator[tuple[int, str]]:
    """Lengths and meanings of the fields, in their order; written for this one shape of message."""
    yield 1, "message format: 2"
    yield 2, "algorithm suite: 0478"
    yield 32, "message id"
    yield 2, "bytes of the encryption context"
    yield 2, "pairs in it"
    for key, value in sorted(CONTEXT.items()):
        for name, text in (("key", key), ("value", value)):
            yield 2, f"bytes of a {name}"
            yield len(text), f"{name}: {text}"
    yield 2, "encrypted data keys: 1"
    yield 2, "bytes of the provider id"
    yield 7, "provider id: aws-kms"
    yield 2, "bytes of the provider info"
    yield len(KEY_ARN), "provider info: the key ARN"
    yield 2, "bytes of the encrypted data key"
    yield 60, "the encrypted data key, as KMS gave it"
    yield 1, "content type: frames"
    yield 4, f"frame length: {FRAME_LENGTH}"
    yield 32, "commitment"
    yield 16, "header tag"
    yield 4, "frame 1: sequence number"
    yield 12, "nonce"
    yield FRAME_LENGTH, f"{FRAME_LENGTH} encrypted bytes"
    yield 16, "tag"
    yield 4, "final frame: mark"
    yield 4, "sequence number: 2"
    yield 12, "nonce"
    yield 4, "bytes that follow encrypted"
    yield len(PLAINTEXT) - FRAME_LENGTH, f"{len(PLAINTEXT) - FRAME_LENGTH} encrypted bytes"
    yield 16, "tag: the end"


def annotated(sealed: bytes) -> str:
    """Offset, bytes and meaning, sixteen bytes in a line."""
    lines, offset = [], 0
    for length, meaning in fields():
        for start in range(0, length, _WIDTH):
            part = sealed[offset + start : offset + min(start + _WIDTH, length)]
            lines.append(f"{offset + start:04x}  {part.hex(' '):47}  {meaning if start == 0 else ''}".rstrip())
        offset += length
    lines.append(f"{offset:04x}")
    return "\n".join(lines)


def suite_table() -> str:
    """The algorithm suites, as rows of Markdown."""
    rows = [
        "| suite | format | AES key | key derivation | signature | read under |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows += [_row(suite) for suite in SUITES.values()]
    return "\n".join(rows)


def _row(suite: AlgorithmSuite) -> str:
    derivation = "none" if suite.hash_name is None else f"HKDF, {suite.hash_name.upper().replace('SHA', 'SHA-')}"
    curves = {"secp256r1": "ECDSA P-256", "secp384r1": "ECDSA P-384"}
    signature = "none" if suite.signature is None else curves[suite.signature.curve]
    (*_, strictest) = (policy.name for policy in reversed(CommitmentPolicy) if policy.admits(suite))
    bits = f"{8 * suite.key_bytes} bits"
    return f"| {suite.name} | {suite.message_format} | {bits} | {derivation} | {signature} | `{strictest}` |"


if __name__ == "__main__":
    print(annotated(small_message()), suite_table(), sep="\n\n")  # noqa: T201  # what it is run for
