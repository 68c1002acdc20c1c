"""Streams of 1 GiB that are nowhere in memory: speed and peak memory: `python -m benchmarks.large_streams [MiB]`.

Each figure comes from a fresh process. Plaintext is generated as it is read; messages are read from a file. Ours is
compared with AES-GCM alone over the same source, 1 MiB at a time, and with the streams of `aws-encryption-sdk`,
`stream().read` of a frame or of 1 MiB: what it does at once needs the whole message in memory. Peak memory is what the
process holds at most above what it held idle, after one small message (`VmHWM` and `VmRSS`: Linux only).
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lambda_src"))

from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # after the path, as all below

from benchmarks.envelope import CONTEXT, KEYS, KIB, MIB, control_stream, exhaust, in_units
from benchmarks.fresh_process import run_fresh
from envelope.format.suites import COMMITTING
from envelope.streams.decryptor import opened
from envelope.streams.encryptor import encrypt_stream, sealed_blocks
from envelope.streams.intake import Intake, Source
from tests.support.sources import Generated

ROUNDS = 3
FRAME_LENGTHS = (4 * KIB, 64 * KIB, MIB)
KINDS = ("AES-GCM", "ours", "SDK")
_SMALL = 100


def alone(source: Source) -> None:
    """Run AES-GCM over what a source gives, which takes as long in either direction."""
    cipher, nonce, piece = AESGCM(bytes(32)), bytes(12), memoryview(bytearray(MIB))
    reader = Intake(source)
    while size := reader.readinto(piece):
        cipher.encrypt(nonce, piece[:size], b"")


def work(kind: str, direction: str, source: Source, *, length: int, frame_length: int) -> None:
    """Do what is measured."""
    if kind == "AES-GCM":
        alone(source)
    elif kind == "SDK":
        control_stream(direction, source, suite=COMMITTING, frame_length=frame_length, length=length)
    elif direction == "encrypt":
        exhaust(sealed_blocks(source, keys=KEYS, context=CONTEXT, frame_length=frame_length))
    else:
        exhaust(opened(source, keys=KEYS, context=CONTEXT).blocks())


def program(kind: str, direction: str, frame_length: int, small: str, large: str) -> None:
    """Do one thing in this process; print bytes a microsecond, and bytes of peak memory."""
    for name in (small, large):
        # A name of digits is the length of what is generated.
        length = int(name) if direction == "encrypt" else Path(name).stat().st_size
        source: Any = Generated(length) if direction == "encrypt" else Path(name).open("rb", buffering=0)  # noqa: SIM115
        if name == large:
            idle = _memory("VmRSS")
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here on
        started = time.process_time()
        work(kind, direction, source, length=length, frame_length=frame_length)
        elapsed = time.process_time() - started
    print([length / elapsed / 1e6, _memory("VmHWM") - idle])


def _memory(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) * KIB


def measure(direction: str, frame_length: int, small: str, large: str) -> None:
    """Print the row of one direction and frame length."""
    rounds: list[dict[str, Any]] = [
        {
            kind: run_fresh("benchmarks.large_streams", kind, direction, frame_length, small, large).working
            for kind in KINDS
        }
        for _ in range(ROUNDS)
    ]
    speed = median(each["ours"][0] for each in rounds)
    to_aes = median(each["ours"][0] / each["AES-GCM"][0] for each in rounds)
    to_sdk = median(each["ours"][0] / each["SDK"][0] for each in rounds)
    memory = {kind: median(each[kind][1] for each in rounds) / MIB for kind in KINDS}
    print(
        f"{in_units(frame_length):>8}  {direction}{speed:8.0f}{to_aes:10.2f}{to_sdk:7.1f}x"
        f"{memory['ours']:12.1f}{memory['SDK']:12.1f}",
        flush=True,
    )


def main(size: int) -> None:
    """Print the table."""
    print(f"{in_units(size)}, suite 0478, one thread, median of {ROUNDS} rounds of fresh processes")
    print(f"{'frames':>8}  {'':7}{'MB/s':>8}{'/AES-GCM':>10}{'/SDK':>8}{'peak MiB':>12}{'SDK MiB':>12}")
    for frame_length in FRAME_LENGTHS:
        with tempfile.TemporaryDirectory() as directory:
            paths = [Path(directory, name) for name in ("small", "large")]
            for path, length in zip(paths, (_SMALL, size), strict=True):
                with path.open("wb") as file:
                    encrypt_stream(Generated(length), file, keys=KEYS, context=CONTEXT, frame_length=frame_length)
            measure("encrypt", frame_length, str(_SMALL), str(size))
            measure("decrypt", frame_length, *map(str, paths))


if __name__ == "__main__":
    if len(sys.argv) > 2:  # noqa: PLR2004  # more than a number of mebibytes: a program
        program(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
    else:
        main(int(sys.argv[1]) * MIB if len(sys.argv) > 1 else 1024 * MIB)
