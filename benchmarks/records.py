"""How many small messages a second, with cached data keys: `python -m benchmarks.records [bytes of a message]`.

The control is `aws-encryption-sdk` with its caching materials manager, over the same raw wrapping key: no call of KMS
on either side. Times are those of the processor, taken in turns, and ratios are formed in each round.
"""

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lambda_src"))

import aws_encryption_sdk  # after the path, as all below
from aws_encryption_sdk.caches.local import LocalCryptoMaterialsCache
from aws_encryption_sdk.materials_managers.caching import CachingCryptoMaterialsManager

from envelope import message
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, AlgorithmSuite
from envelope.keys.data_key_cache import CachedDataKeys
from envelope.message_batches import decrypt_many, encrypt_many
from tests.support import sdk
from tests.support.raw_keyring import RawKeyring

ROUNDS = 9
BATCH = 100
SECONDS = 0.1
CONTEXT = {"purpose": "benchmark"}
SUITES = {COMMITTING: sdk.COMMITTING, COMMITTING_SIGNED: sdk.SIGNED}
Job = tuple[Callable[[], object], int]
"""What is measured, and how many messages it makes or reads."""


def jobs_for(plaintext: bytes, suite: AlgorithmSuite) -> dict[str, Job]:
    """Both directions of the SDK, of single messages and of batches."""
    context, keys = EncryptionContext.of(CONTEXT), CachedDataKeys(RawKeyring())
    client = aws_encryption_sdk.EncryptionSDKClient()
    cached: Any = CachingCryptoMaterialsManager(
        cache=LocalCryptoMaterialsCache(100), max_age=300.0, master_key_provider=sdk.raw_provider()
    )
    options: dict[str, Any] = {"keys": keys, "context": context}
    sealed = bytes(message.encrypt(plaintext, suite=suite, **options))
    sealed_many = [bytes(each) for each in encrypt_many([plaintext] * BATCH, suite=suite, **options)]  # type: ignore[arg-type]
    sdk_options: dict[str, Any] = {"encryption_context": CONTEXT, "algorithm": SUITES[suite]}

    assert bytes(client.decrypt(source=sealed, materials_manager=cached)[0]) == plaintext
    assert decrypt_many(sealed_many, **options) == [bytearray(plaintext)] * BATCH
    return {
        "SDK encrypt": (lambda: client.encrypt(source=plaintext, materials_manager=cached, **sdk_options), 1),
        "encrypt": (lambda: message.encrypt(plaintext, suite=suite, **options), 1),
        "encrypt, batch": (lambda: encrypt_many([plaintext] * BATCH, suite=suite, **options), BATCH),
        "SDK decrypt": (lambda: client.decrypt(source=sealed, materials_manager=cached), 1),
        "decrypt": (lambda: message.decrypt(sealed, **options), 1),
        "decrypt, batch": (lambda: decrypt_many(sealed_many, **options), BATCH),
    }


def messages_per_second(job: Job) -> float:
    """Run often enough to last a tenth of a second at least, and take the mean of that."""
    run, messages = job
    run()
    repeats, started = 0, time.process_time()
    while time.process_time() - started < SECONDS:
        for _ in range(10):
            run()
        repeats += 10
    return repeats * messages / (time.process_time() - started)


def measure(size: int, suite: AlgorithmSuite) -> None:
    """Print the table of one suite."""
    jobs = jobs_for(os.urandom(size), suite)
    rounds = [{name: messages_per_second(job) for name, job in jobs.items()} for _ in range(ROUNDS)]
    print(f"\n{size} bytes, suite {suite.name}, cached data keys, one thread, median of {ROUNDS} rounds")
    print(f"{'':18}{'messages/s':>12}{'microseconds':>14}{'of the SDK':>12}")
    for name in jobs:
        speed = statistics.median(each[name] for each in rounds)
        control = f"SDK {name.split(',')[0].removeprefix('SDK ')}"
        ratio = statistics.median(each[name] / each[control] for each in rounds)
        print(f"{name:18}{speed:12.0f}{1e6 / speed:14.1f}{ratio:11.1f}x")


def main() -> None:
    """Measure messages of the length that was asked for, 1 KiB if none was."""
    logging.disable(logging.CRITICAL)
    for suite in SUITES:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1024, suite)


if __name__ == "__main__":
    main()
