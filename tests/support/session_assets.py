"""Assets of functions, bundled once for all apps and processes of one run of the tests."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


class SessionAssets:
    """A folder of the run, in which the assets of every app are kept for the next one.

    The CDK bundles no asset that stands in the output folder already: its name is the hash of all that decides its
    content.
    """

    def __init__(self, folder: Path) -> None:
        """Say where; the processes that share the tests say the same."""
        self._folder = folder
        self._folder.mkdir(exist_ok=True)

    @contextlib.contextmanager
    def for_app(self, outdir: Path) -> Iterator[None]:
        """Let an app find what was bundled before, and keep what it bundles; one app after the other.

        Args:
            outdir: Where the app is about to be synthesised.
        """
        with self._locked():
            _link_assets(self._folder, outdir)
            yield
            _link_assets(outdir, self._folder)

    def lend(self, outdir: Path) -> None:
        """Let an app of another process find what was bundled before."""
        with self._locked():
            _link_assets(self._folder, outdir)

    def keep(self, outdir: Path) -> None:
        """Keep what an app of another process has bundled."""
        with self._locked():
            _link_assets(outdir, self._folder)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _link_assets(source: Path, destination: Path) -> None:
    for asset in source.glob("asset.*"):
        if asset.is_dir() and not (destination / asset.name).exists():
            shutil.copytree(asset, destination / asset.name, copy_function=os.link)
