"""AddedFolder: modules of somebody's own that are bundled beside one of this library's functions. No jsii."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.errors import ConfigurationError

LOCK = "requirements.txt"
_IMPORTABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ENTRY = re.compile(
    rf"(?P<module>{_IMPORTABLE.pattern}(?:\.{_IMPORTABLE.pattern})*):(?P<name>{_IMPORTABLE.pattern})", re.ASCII
)
_TESTS = re.compile(r"tests?|test_.*|.*_test|conftest")
_LEFT_OUT = frozenset(("__pycache__", "node_modules", "site-packages", "venv"))
# What Lambda's Python runtimes bring along: a module of that name in the asset would take its place.
# https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-searchpath
_OF_THE_RUNTIME = frozenset((
    "awslambdaric",
    "boto3",
    "botocore",
    "dateutil",
    "jmespath",
    "s3transfer",
    "six",
    "snapshot_restore_py",
    "urllib3",
))
# An option would take something from where the asset's hash does not look; hashes follow what they belong to.
_OPTION = re.compile(r"^\s*(?P<option>-(?!-hash\b)\S*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AddedFolder:
    """A folder whose modules stand at the top of an asset, and what its `requirements.txt` pins by hash beside them.

    Shipped are modules (`.py`) and `py.typed`. Not shipped: everything else, above all what is hidden, such as `.env`,
    data and keys; tests by the names that pytest looks for; virtual environments. Links are refused.

    Attributes:
        folder: The folder.
        argument: What a refusal calls it.

    Examples:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> for name in ("warehouse.py", "test_warehouse.py", ".env"):
        ...     (folder / name).touch()
        >>> [path.name for path in AddedFolder(folder, argument="folder").shipped()]
        ['warehouse.py']
    """

    folder: Path
    argument: str

    def check(self, *, beside: str) -> None:
        """Refuse what cannot be bundled.

        Args:
            beside: The package that it is bundled with.

        Raises:
            ConfigurationError: If there is no such folder, it holds no module or a link, a module would take the place
                of another one, or the lock says more than what is pinned.
        """
        if not self.folder.is_dir():
            raise ConfigurationError(f"{self.argument} must be a folder, got {str(self.folder)!r}")
        names = {path.relative_to(self.folder).parts[0].removesuffix(".py") for path in self.shipped()}
        if not names:
            raise ConfigurationError(f"{self.argument} must hold a module, got {str(self.folder)!r} with none to ship")
        taken = names & {beside, *_OF_THE_RUNTIME, *sys.stdlib_module_names}
        if taken:
            raise ConfigurationError(
                f"{self.argument} must not hold modules in the place of others of the function, got "
                f"{', '.join(sorted(taken))}"
            )
        option = _OPTION.search(self.lock.read_text(encoding="utf-8")) if self.lock.is_file() else None
        if option:
            raise ConfigurationError(
                f"{LOCK} of {self.argument} must hold packages with versions and hashes alone, got the option "
                f"{option['option']}"
            )

    @property
    def lock(self) -> Path:
        """Where its requirements are, if it has any."""
        return self.folder / LOCK

    def shipped(self) -> Iterator[Path]:
        """Yield what goes into the asset, in an order that no machine changes.

        Raises:
            ConfigurationError: If something is a link: what it leads to may be of another place.
        """
        for path in sorted(self.folder.rglob("*"), key=lambda found: found.relative_to(self.folder).as_posix()):
            parts = path.relative_to(self.folder).parts
            names = [part.removesuffix(".py") for part in parts]
            if any(name in _LEFT_OUT or name.startswith(".") or _TESTS.fullmatch(name) for name in names):
                continue
            if path.is_symlink():
                raise ConfigurationError(f"{self.argument} must not hold links, got {'/'.join(parts)}")
            if path.is_file() and (path.suffix == ".py" or path.name == "py.typed"):
                yield path

    def check_entry(self, entry: str) -> None:
        """Refuse a class that is not there.

        Args:
            entry: The class as `module:Class`.

        Raises:
            ConfigurationError: If it is written otherwise, or the folder ships no such module or class.
        """
        found = _ENTRY.fullmatch(entry) if isinstance(entry, str) else None
        if found is None:
            raise ConfigurationError(f"entry must be module:Class, such as warehouse_api:Warehouse, got {entry!r}")
        place = self.folder.joinpath(*found["module"].split("."))
        shipped = set(self.shipped())
        module = next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path in shipped), None)
        if module is None:
            modules = [path.relative_to(self.folder).as_posix() for path in sorted(shipped) if path.suffix == ".py"]
            raise ConfigurationError(f"entry must name a module of {', '.join(modules)}, got {found['module']}")
        classes = _bound_names(module)
        if found["name"] not in classes:
            raise ConfigurationError(
                f"entry must name a class of {module.name}: {', '.join(classes) or 'it has none'}, got {found['name']}"
            )


def _bound_names(module: Path) -> list[str]:
    # Of what a module imports nobody can see what it is; classes begin with a capital.
    try:
        parsed = ast.parse(module.read_bytes(), filename=module.name)
    except SyntaxError as error:
        raise ConfigurationError(f"{module.name} must be Python, got {error.msg} in line {error.lineno}") from error
    names = []
    for statement in parsed.body:
        if isinstance(statement, ast.ClassDef):
            names.append(statement.name)
        elif isinstance(statement, ast.ImportFrom):
            names += [each.asname or each.name for each in statement.names if (each.asname or each.name)[0].isupper()]
    return names
