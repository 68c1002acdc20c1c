"""How fast messages are made and read, as ratios within one process: `python -m benchmarks.envelope [MiB ...]`.

The limit is AES-GCM alone (`AESGCM.encrypt_into`, pieces of 1 MiB, the same buffer again and again). A message is a
new object, so that for large ones the limit is another: AES-GCM into one fresh buffer of that size.
"""

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lambda_src"))

from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # after the path, as all below

from envelope import message
from envelope.context import EncryptionContext
from tests.support.raw_keyring import RawKeyring
from tests.support.sdk import raw_provider, sdk_decrypt, sdk_encrypt

MIB = 1024 * 1024
ROUNDS = 5
CONTEXT = {"purpose": "benchmark"}
FRAME_LENGTHS = (4096, 65536)
Job = Callable[[], object]


def jobs_for(plaintext: bytes) -> dict[str, Job]:
    """Everything that is compared, over the same plaintext."""
    context, keyring, provider = EncryptionContext.of(CONTEXT), RawKeyring(), raw_provider()
    cipher, nonce, reused = AESGCM(bytes(32)), bytes(12), memoryview(bytearray(MIB + 16))
    pieces = [memoryview(plaintext)[start : start + MIB] for start in range(0, len(plaintext), MIB)]

    def limit() -> None:
        for piece in pieces:
            cipher.encrypt_into(nonce, piece, b"", reused[: len(piece) + 16])

    def fresh() -> None:
        out = memoryview(bytearray(len(pieces) * (MIB + 16)))
        for number, piece in enumerate(pieces):
            start = number * (MIB + 16)
            cipher.encrypt_into(nonce, piece, b"", out[start : start + len(piece) + 16])

    jobs: dict[str, Job] = {"AES-GCM alone": limit, "AES-GCM, fresh buffer": fresh}
    for frame_length in FRAME_LENGTHS:
        options: dict[str, Any] = {"context": context, "keyring": keyring}
        sealed = bytes(message.encrypt(plaintext, frame_length=frame_length, **options))

        def seal(frame_length: int = frame_length, options: Mapping[str, Any] = options) -> object:
            return message.encrypt(plaintext, frame_length=frame_length, **options)

        def unseal(sealed: bytes = sealed, options: Mapping[str, Any] = options) -> object:
            return message.decrypt(sealed, **options)

        def sdk_seal(frame_length: int = frame_length) -> object:
            return sdk_encrypt(plaintext, provider=provider, context=CONTEXT, frame_length=frame_length)

        def sdk_unseal(sealed: bytes = sealed) -> object:
            return sdk_decrypt(sealed, provider=provider)

        jobs |= {f"encrypt {frame_length}": seal, f"decrypt {frame_length}": unseal}
        jobs |= {f"SDK encrypt {frame_length}": sdk_seal, f"SDK decrypt {frame_length}": sdk_unseal}
    return jobs


def megabytes_per_second(job: Job, *, size: int) -> float:
    """Run often enough to last 50 ms at least, and take the mean of that."""
    repeats, elapsed = 0, 0.0
    while elapsed < 0.05:  # noqa: PLR2004  # seconds
        started = time.perf_counter()
        job()
        elapsed += time.perf_counter() - started
        repeats += 1
    return size * repeats / elapsed / 1e6


def measure(mebibytes: int) -> None:
    """Print the table of one size; ratios are formed in each round, and the median of the rounds is shown."""
    size = mebibytes * MIB
    jobs = jobs_for(os.urandom(size))
    rounds = [{name: megabytes_per_second(job, size=size) for name, job in jobs.items()} for _ in range(ROUNDS)]

    def ratio(name: str, other: str) -> float:
        return statistics.median(each[name] / each[other] for each in rounds)

    print(f"\n{mebibytes} MiB, suite 0478, raw wrapping key, one thread, median of {ROUNDS} rounds")
    print(f"{'':24}{'MB/s':>8}{'of AES-GCM':>12}{'of fresh':>10}{'of the SDK':>12}")
    for name in jobs:
        speed = statistics.median(each[name] for each in rounds)
        of_limit, of_fresh = ratio(name, "AES-GCM alone"), ratio(name, "AES-GCM, fresh buffer")
        of_sdk = f"{ratio(name, f'SDK {name}'):11.1f}x" if f"SDK {name}" in jobs else ""
        print(f"{name:24}{speed:8.0f}{of_limit:12.2f}{of_fresh:10.2f}{of_sdk}")


def main() -> None:
    """Measure every size that was asked for."""
    logging.disable(logging.CRITICAL)
    for mebibytes in [int(argument) for argument in sys.argv[1:]] or [1, 100]:
        measure(mebibytes)


if __name__ == "__main__":
    main()
