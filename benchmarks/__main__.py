"""Run every benchmark in turn."""

import subprocess
import sys

for name in ("synth", "many_keys", "envelope", "large_streams", "unframed", "records", "cold_start", "deployed"):
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)  # noqa: S603  # our own modules
