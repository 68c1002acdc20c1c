"""How fast messages are made and read: `python -m benchmarks.envelope [bytes of a message ...]`.

Everything runs in one process and one thread, in turns; both sides wrap their data keys with the same AES key in
memory, so that no call of KMS is in any figure. Ratios are formed in each round, and the median of the rounds is shown.

- AES-GCM: the limit of any implementation: `AESGCM.encrypt` or `decrypt` of `cryptography`, 1 MiB at a time.
- SHA-384: the limit of a signed message, of which every byte is hashed.
- SDK: `aws-encryption-sdk`; for streams its better mode, which is `encrypt` and `decrypt` at once or `stream().read` of
  a frame or of 1 MiB, whichever is faster in that round. What we do at once is compared with what it does at once.

"stream" is `sealed_blocks` and `opened` over a file in memory, with each block thrown away; "at once" is
`message.encrypt` and `decrypt`. Signed messages are read with `Release.HELD_BY_DESTINATION`, as the SDK does.
"""

import hashlib
import io
import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lambda_src"))

import aws_encryption_sdk  # after the path, as all below
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.rounds import Job, Rounds
from envelope import message
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, AlgorithmSuite
from envelope.keys.materials import FreshDataKeys
from envelope.streams.decryptor import Release, opened
from envelope.streams.encryptor import sealed_blocks
from envelope.streams.intake import Source
from tests.support import sdk
from tests.support.raw_keyring import RawKeyring

KIB, MIB = 1024, 1024 * 1024
SIZES = (KIB, 64 * KIB, MIB, 100 * MIB)
FRAME_LENGTHS = (4 * KIB, 64 * KIB, MIB)
SUITES = {COMMITTING: sdk.COMMITTING, COMMITTING_SIGNED: sdk.SIGNED}
ROUNDS = 5
CONTEXT = EncryptionContext.of({"purpose": "benchmark"})
KEYS, PROVIDER = FreshDataKeys(RawKeyring()), sdk.raw_provider()
_MODES = ("at once", "stream")


def exhaust(blocks: Iterable[memoryview]) -> None:
    """Take blocks and throw them away."""
    for _ in blocks:
        pass


def limits(plaintext: bytes) -> dict[str, Job]:
    """What nobody can outrun."""
    cipher, nonce = AESGCM(bytes(32)), bytes(12)
    pieces = [memoryview(plaintext)[start : start + MIB] for start in range(0, len(plaintext), MIB)]
    sealed = [cipher.encrypt(nonce, piece, b"") for piece in pieces]

    def encrypt() -> None:
        for piece in pieces:
            cipher.encrypt(nonce, piece, b"")

    def decrypt() -> None:
        for piece in sealed:
            cipher.decrypt(nonce, piece, b"")

    def digest() -> None:
        hashlib.sha384(plaintext).digest()

    return {"AES-GCM encrypt": encrypt, "AES-GCM decrypt": decrypt, "SHA-384": digest}


def ours(plaintext: bytes, sealed: bytes, *, suite: AlgorithmSuite, frame_length: int) -> dict[str, Job]:
    """Both directions, at once and as a stream."""
    writing: dict[str, Any] = {"keys": KEYS, "context": CONTEXT, "suite": suite, "frame_length": frame_length}
    reading: dict[str, Any] = {"keys": KEYS, "context": AtLeast(CONTEXT)}
    held = Release.HELD_BY_DESTINATION
    return {
        "encrypt at once": lambda: message.encrypt(plaintext, **writing),
        "encrypt stream": lambda: exhaust(sealed_blocks(io.BytesIO(plaintext), **writing)),
        "decrypt at once": lambda: message.decrypt(sealed, **reading),
        "decrypt stream": lambda: exhaust(opened(io.BytesIO(sealed), **reading).blocks(release=held)),
    }


def control_stream(direction: str, source: Source, *, suite: AlgorithmSuite, frame_length: int, length: int) -> None:
    """Let the SDK read a stream in pieces as large as do it good: a frame, or 1 MiB."""
    options: dict[str, Any] = {"key_provider": PROVIDER, "source": source, "source_length": length}
    if direction == "encrypt":
        options |= {"encryption_context": CONTEXT.to_dict(), "algorithm": SUITES[suite], "frame_length": frame_length}
    client = aws_encryption_sdk.EncryptionSDKClient()
    with client.stream(mode=direction[0], **options) as reader:
        while reader.read(max(frame_length, MIB)):
            pass


def control(plaintext: bytes, sealed: bytes, *, suite: AlgorithmSuite, frame_length: int) -> dict[str, Job]:
    """The same by the SDK."""
    client, options = aws_encryption_sdk.EncryptionSDKClient(), {"suite": suite, "frame_length": frame_length}
    writing: dict[str, Any] = {
        "key_provider": PROVIDER,
        "encryption_context": CONTEXT.to_dict(),
        "algorithm": SUITES[suite],
        "frame_length": frame_length,
    }

    def stream(direction: str, data: bytes) -> None:
        control_stream(direction, io.BytesIO(data), length=len(data), **options)  # type: ignore[arg-type]

    return {
        "SDK encrypt at once": lambda: client.encrypt(source=plaintext, **writing),
        "SDK encrypt stream": lambda: stream("encrypt", plaintext),
        "SDK decrypt at once": lambda: client.decrypt(source=sealed, key_provider=PROVIDER),
        "SDK decrypt stream": lambda: stream("decrypt", sealed),
    }


def measure(plaintext: bytes, *, suite: AlgorithmSuite, frame_length: int) -> None:
    """Print the rows of one size, suite and frame length."""
    options: dict[str, Any] = {"suite": suite, "frame_length": frame_length}
    sealed = bytes(message.encrypt(plaintext, keys=KEYS, context=CONTEXT, **options))
    assert message.decrypt(sealed, keys=KEYS, context=AtLeast(CONTEXT)) == plaintext
    made = ours(plaintext, sealed, **options)
    jobs = limits(plaintext) | made | control(plaintext, sealed, **options)
    rounds = Rounds.of(jobs, size=len(plaintext), count=ROUNDS)
    for name in made:
        direction = name.split(" ", maxsplit=1)[0]
        to_aes, to_hash = rounds.ratio(name, f"AES-GCM {direction}"), rounds.ratio(name, "SHA-384")
        better = _MODES if name.endswith("stream") else _MODES[:1]
        to_sdk = rounds.ratio(name, *(f"SDK {direction} {mode}" for mode in better))
        hashed = f"{to_hash:9.2f}" if suite.signature else f"{'':9}"
        print(
            f"{in_units(len(plaintext)):>8}{suite.name:>7}{in_units(frame_length):>9}  {name:17}"
            f"{rounds.megabytes(name):8.0f}{to_aes:9.2f}{hashed}{to_sdk:9.1f}x",
            flush=True,
        )


def in_units(length: int) -> str:
    """Write a number of bytes as people do."""
    return f"{length // MIB} MiB" if length >= MIB else f"{length // KIB} KiB"


def main() -> None:
    """Measure every size that was asked for; frames longer than a message are left out, but for the default length."""
    logging.disable(logging.CRITICAL)
    print(f"one thread, median of {ROUNDS} rounds, times of the processor")
    print(f"{'size':>8}{'suite':>7}{'frames':>9}  {'':17}{'MB/s':>8}{'/AES-GCM':>9}{'/SHA-384':>9}{'/SDK':>10}")
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        plaintext = os.urandom(size)
        for suite in SUITES:
            for frame_length in FRAME_LENGTHS:
                if frame_length <= max(size, 64 * KIB):
                    measure(plaintext, suite=suite, frame_length=frame_length)


if __name__ == "__main__":
    main()
