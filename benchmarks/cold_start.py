"""What a cold start imports, and how large the bundle is: `python -m benchmarks.cold_start`.

Fresh processes, by turns, bytecode written before; what Python itself takes to start is in no figure. The control is
boto3 with a KMS client and the parts of `cryptography` that the functions use. The bundle is built as for a deployment;
boto3 is in Lambda's runtime and not in it.
"""

import importlib
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.fresh_process import run_fresh

ROUNDS = 21
LIMIT, BUNDLE_LIMIT = 1.20, 20
"""What the import may cost, as a multiple of the control's, and the bundle in megabytes."""

CONTROL, HANDLER = "boto3, a KMS client and cryptography", "the handler and its KMS client"
_REGION = "eu-central-1"
_CIPHERS = "cryptography.hazmat.primitives.ciphers.aead"
_CURVES = "cryptography.hazmat.primitives.asymmetric.ec"


def program(what: str) -> None:
    """Import in this process, and print the processor seconds that took."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lambda_src"))
    started = time.process_time()
    if what == CONTROL:
        for module in (_CIPHERS, _CURVES):
            importlib.import_module(module)
        importlib.import_module("boto3").client("kms", region_name=_REGION)
    else:
        importlib.import_module("envelope.handler")
        clients = importlib.import_module("envelope.handler.clients")
        clients.AwsClients(lambda: 10.0).kms(_REGION)
    print(time.process_time() - started)


def bundle_megabytes() -> float:
    """Build the bundle for this kind of machine, and add up its files."""
    from constructs_lib.bundled_node import use_bundled_node  # noqa: PLC0415  # not in the children

    use_bundled_node()
    from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source  # noqa: PLC0415
    from constructs_lib.bundling.lambda_target import LambdaTarget  # noqa: PLC0415

    architecture = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    target = LambdaTarget(architecture=architecture, python_version="3.13")
    with tempfile.TemporaryDirectory() as directory:
        LambdaBundle(function_source("envelope"), target).write(Path(directory))
        return sum(path.stat().st_size for path in Path(directory).rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Print the ratios and the size. A figure is no test: nothing fails here."""
    kinds = (CONTROL, HANDLER)
    for kind in kinds:
        run_fresh("benchmarks.cold_start", kind)  # bytecode is there from now on
    rounds = [{kind: run_fresh("benchmarks.cold_start", kind).working for kind in kinds} for _ in range(ROUNDS)]
    print(f"imports in fresh processes, median of {ROUNDS} rounds, times of the processor")
    for kind in kinds:
        milliseconds = 1000 * median(each[kind] for each in rounds)
        ratio = median(each[kind] / each[CONTROL] for each in rounds)
        judged = "" if kind == CONTROL else f"; the limit is {LIMIT:.2f}: {'held' if ratio <= LIMIT else 'missed'}"
        print(f"{kind}: {milliseconds:.0f} ms, {ratio:.2f} of the control{judged}")
    size = bundle_megabytes()
    held = "held" if size <= BUNDLE_LIMIT else "missed"
    print(f"bundle unpacked: {size:.1f} MB; the limit is {BUNDLE_LIMIT}: {held}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        program(sys.argv[1])
    else:
        main()
