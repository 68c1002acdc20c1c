"""LambdaBundle: one of this library's functions as an asset with native wheels and bytecode. No Docker."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from constructs_lib.bundling.added_folder import LOCK, AddedFolder
from constructs_lib.bundling.bytecode import COMPILERS, compile_folder
from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.bundling.locked_wheels import install_locked_wheels, pins_something
from constructs_lib.errors import BundlingError

BUNDLER_VERSION = 1
"""Part of every asset hash. It counts up when the same input is bundled differently."""

_LIBRARY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class LambdaBundle:
    """A folder of `lambda_src`, its locked wheels and the bytecode of both, for one target.

    The asset holds the folder as a package beside what its `requirements.txt` pins. Its hash is computed from
    what decides the content, not from the content: sources, lock, target, compiler and the bundler's version.
    So it is known without bundling, and it is the same on every machine; so is the content. Python runs the bytecode
    without looking at the sources: an edit of a source in Lambda's console has no effect.

    Attributes:
        source: The function's folder.
        target: The machine that the function runs on.
        added: Modules that stand beside the folder, with what their own lock pins. Default: none.
        texts: Files of text that stand at the top of the asset, as pairs of name and content. Default: none.

    Examples:
        >>> arm = LambdaTarget(architecture="arm64", python_version="3.13")
        >>> len(LambdaBundle(function_source("envelope"), arm).asset_hash)
        64
    """

    source: Path
    target: LambdaTarget
    added: AddedFolder | None = None
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def asset_hash(self) -> str:
        """SHA-256, in hexadecimal, of everything that decides what the asset contains."""
        compiler = COMPILERS[self.target.python_version]
        digest = hashlib.sha256()
        for part in (BUNDLER_VERSION, self.target.architecture, self.target.python_version, compiler.sha512):
            digest.update(f"{part}\0".encode())
        for path in (*self._shipped(), self.source / LOCK):
            content = _with_unix_lines(path)
            digest.update(f"{path.relative_to(self.source).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        if self.added:
            locks = [self.added.lock] if self.added.lock.is_file() else []
            for path in (*self.added.shipped(), *locks):
                content = _with_unix_lines(path)
                digest.update(f"beside\0{path.relative_to(self.added.folder).as_posix()}\0{len(content)}\0".encode())
                digest.update(content)
        for name, text in self.texts:
            content = text.encode()
            digest.update(f"text\0{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def code(self) -> lambda_.Code:
        """Return the asset for a function. It is made at synthesis, and only for stacks that are bundled.

        A failure ends the synthesis with the text of a `BundlingError`; the CDK never turns to Docker instead.
        """
        # The image is a mandatory argument that nothing uses: `_LocalBundling` succeeds or raises.
        return lambda_.Code.from_asset(
            str(self.source),
            asset_hash=self.asset_hash,
            asset_hash_type=cdk.AssetHashType.CUSTOM,
            bundling=cdk.BundlingOptions(
                image=cdk.DockerImage.from_registry("not-used"),
                local=_LocalBundling(self),
                output_type=cdk.BundlingOutput.NOT_ARCHIVED,
            ),
        )

    def write(self, folder: Path) -> None:
        """Write the content of the asset into an empty folder.

        Args:
            folder: Where the function's package and what it needs will stand side by side.

        Raises:
            BundlingError: If wheels or bytecode cannot be made on this machine, or a wheel holds what stands beside
                it; the text says why.
        """
        locks = [self.source / LOCK, *([self.added.lock] if self.added and self.added.lock.is_file() else [])]
        wanted = [lock for lock in locks if pins_something(lock)]
        if wanted:
            install_locked_wheels(wanted[0], folder, target=self.target, further=wanted[1:])
        copies = {path: Path(self.source.name, path.relative_to(self.source)) for path in self._shipped()}
        if self.added:
            copies.update({path: path.relative_to(self.added.folder) for path in self.added.shipped()})
        _check_apart(folder, copies.values())
        for path, place in copies.items():
            copy = folder / place
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(_with_unix_lines(path))
            copy.chmod(0o644)
        for name, text in self.texts:
            (folder / name).write_bytes(text.encode())
            (folder / name).chmod(0o644)
        compile_folder(folder, python_version=self.target.python_version)

    def _shipped(self) -> Iterator[Path]:
        for path in sorted(self.source.rglob("*"), key=lambda found: found.relative_to(self.source).as_posix()):
            if path.is_file() and (path.suffix == ".py" or path.name == "py.typed"):
                yield path


def function_source(name: str, *, package: Path = _LIBRARY) -> Path:
    """Return the folder of one of this library's functions.

    Args:
        name: The function's package, such as `envelope`.
        package: Where this library is installed.

    Raises:
        FileNotFoundError: If the installation lacks it.
    """
    # A wheel carries the functions inside the package; a checkout and an editable install have them beside it.
    for folder in (package / "_lambda_src" / name, package.parent / "lambda_src" / name):
        if (folder / LOCK).is_file():
            return folder
    raise FileNotFoundError(f"the installed cdk-key-management lacks the function {name}: install it again")


def _check_apart(wheels: Path, modules: Iterable[Path]) -> None:
    both = {path.name.removesuffix(".py") for path in wheels.iterdir()} & {
        path.parts[0].removesuffix(".py") for path in modules
    }
    if both:
        raise BundlingError(
            f"the wheels must not hold the modules {', '.join(sorted(both))}, which the function has itself"
        )


def _with_unix_lines(path: Path) -> bytes:
    # A checkout on Windows may have other line ends, and must give the same asset.
    return path.read_bytes().replace(b"\r\n", b"\n")


@jsii.implements(cdk.ILocalBundling)
class _LocalBundling:
    def __init__(self, bundle: LambdaBundle) -> None:
        self._bundle = bundle

    def try_bundle(self, output_dir: str, *, image: cdk.DockerImage, **_options: Any) -> bool:  # noqa: ANN401, ARG002
        # Answering False would make the CDK start Docker; raising ends the synthesis with the cause.
        self._bundle.write(Path(output_dir))
        return True
