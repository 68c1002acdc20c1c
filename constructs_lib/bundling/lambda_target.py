"""LambdaTarget: the machine that a bundled function runs on. No jsii."""

from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError

ARCHITECTURES = ("arm64", "x86_64")
PYTHON_VERSIONS = ("3.11", "3.12", "3.13", "3.14")
"""The managed runtimes for which the locked wheels and a bytecode compiler exist.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaTarget:
    """The processor and the Python of one managed runtime.

    Attributes:
        architecture: `arm64` or `x86_64`.
        python_version: Major and minor version, such as `3.13`.
    """

    architecture: str
    python_version: str

    @classmethod
    def named(cls, *, runtime: str, architecture: str) -> "LambdaTarget":
        """Return the target by the names that Lambda uses.

        Args:
            runtime: Lambda's identifier of a runtime, such as `python3.13`.
            architecture: Lambda's name of an instruction set.

        Raises:
            ConfigurationError: If the functions of this library cannot run there.

        Examples:
            >>> LambdaTarget.named(runtime="python3.13", architecture="arm64").python_version
            '3.13'
        """
        version = runtime.removeprefix("python")
        if not runtime.startswith("python") or version not in PYTHON_VERSIONS:
            raise ConfigurationError(
                f"runtime must be python{PYTHON_VERSIONS[0]} to python{PYTHON_VERSIONS[-1]}, got {runtime}"
            )
        if architecture not in ARCHITECTURES:
            raise ConfigurationError(f"architecture must be {' or '.join(ARCHITECTURES)}, got {architecture}")
        return cls(architecture=architecture, python_version=version)
