"""Where the library's functions can run."""

import pytest

from constructs_lib.bundling.bytecode import COMPILERS
from constructs_lib.bundling.lambda_target import ARCHITECTURES, PYTHON_VERSIONS, LambdaTarget
from constructs_lib.errors import ConfigurationError


@pytest.mark.parametrize("version", PYTHON_VERSIONS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_managed_python_runtime_is_a_target(version: str, architecture: str) -> None:
    target = LambdaTarget.named(runtime=f"python{version}", architecture=architecture)

    assert (target.python_version, target.architecture) == (version, architecture)


def test_every_target_has_a_compiler() -> None:
    assert tuple(COMPILERS) == PYTHON_VERSIONS


@pytest.mark.parametrize("runtime", ["python3.10", "python3.15", "nodejs24.x", "3.13", "python"])
def test_refuses_a_runtime_that_the_functions_do_not_run_on(runtime: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^runtime must be python3\.11 to python3\.14, got "):
        LambdaTarget.named(runtime=runtime, architecture="arm64")


@pytest.mark.parametrize("architecture", ["riscv64", "aarch64", ""])
def test_refuses_an_architecture_that_lambda_does_not_have(architecture: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^architecture must be arm64 or x86_64, got "):
        LambdaTarget.named(runtime="python3.13", architecture=architecture)
