"""ServiceStep: the class that tells a service of a new value, from a folder that is bundled with the function."""

from dataclasses import dataclass
from pathlib import Path

from constructs_lib.bundling.added_folder import AddedFolder
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

PACKAGE = "secret_rotation"
"""The package of the rotation function."""


@dataclass(frozen=True, kw_only=True)
class ServiceStep:
    """A class with the methods `apply` and `verify`, as the protocol `ServiceStep` of `secret_rotation` says.

    The modules of the folder stand at the top of the function's asset, with the packages that its `requirements.txt`
    pins by hash, if there is one. boto3 is there without being pinned. Nothing but modules and `py.typed` is shipped:
    no hidden files, no data, no tests, no virtual environment.

    Attributes:
        folder: The folder.
        entry: The class, as `module:Class`. It is made without arguments.
    """

    folder: Path
    entry: str

    def __post_init__(self) -> None:
        """Refuse what the function could not import.

        Raises:
            ConfigurationError: If there is no such folder, module or class, or a module would take the place of
                another one.
        """
        if not isinstance(self.folder, Path):
            raise ConfigurationError(f"folder must be a pathlib.Path, got {spoken(self.folder)}")
        self.added.check(beside=PACKAGE)
        self.added.check_entry(self.entry)

    @property
    def added(self) -> AddedFolder:
        """What is bundled."""
        return AddedFolder(self.folder, argument="folder")
