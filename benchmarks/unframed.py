"""Messages without frames, which old writers made: `python -m benchmarks.unframed [MiB ...]`.

Reading them takes `aws-encryption-sdk` a time that grows with the square of their length; ours grows with the length.
The SDK is run once for each length, since the largest takes it minutes.
"""

import io
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lambda_src"))

from benchmarks.envelope import CONTEXT, KEYS, MIB, PROVIDER, exhaust, in_units  # after the path, as all below
from envelope import message
from envelope.streams.decryptor import opened
from tests.support import sdk

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    """Time something once."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    print(f"suite 0478, one thread; ours median of {ROUNDS} rounds, the SDK once")
    print(f"{'size':>8}{'at once s':>12}{'stream s':>12}{'SDK s':>12}{'at once':>10}{'stream':>10}")
    for size in [int(argument) * MIB for argument in sys.argv[1:]] or (16 * MIB, 64 * MIB):
        sealed = sdk.sdk_encrypt(os.urandom(size), provider=PROVIDER, context=CONTEXT.to_dict(), frame_length=0)

        def at_once(sealed: bytes = sealed) -> None:
            message.decrypt(sealed, keys=KEYS, context=CONTEXT)

        def stream(sealed: bytes = sealed) -> None:
            # The message waits in a temporary file until its one tag was checked, and is decrypted once more.
            exhaust(opened(io.BytesIO(sealed), keys=KEYS, context=CONTEXT).blocks())

        ours = [median(seconds(work) for _ in range(ROUNDS)) for work in (at_once, stream)]
        theirs = seconds(lambda sealed=sealed: sdk.sdk_decrypt(sealed, provider=PROVIDER))  # type: ignore[misc]
        print(
            f"{in_units(size):>8}{ours[0]:12.3f}{ours[1]:12.3f}{theirs:12.1f}"
            f"{theirs / ours[0]:9.0f}x{theirs / ours[1]:9.0f}x",
            flush=True,
        )


if __name__ == "__main__":
    main()
