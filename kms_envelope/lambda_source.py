"""Where the package `envelope` is, which this command shares with the library's functions."""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = ("constructs_lib/_lambda_src", "lambda_src")


def make_importable(*, package: Path = _PACKAGE) -> Path:
    """Put the folder of the library's functions in front of everything else that can be imported.

    The Python Package Index has another package of the name `envelope`. Inside this process ours comes first, and
    nothing outside of the process is touched.

    Args:
        package: Where this package is installed. Default: where it is.

    Returns:
        The folder.

    Raises:
        FileNotFoundError: If the installation lacks it.
        ImportError: If somebody imported another `envelope` before.
    """
    # A wheel carries the functions inside the construct library; a checkout and an editable install beside it.
    for place in _PLACES:
        folder = package.parent / place
        if (folder / "envelope" / "__init__.py").is_file():
            break
    else:
        raise FileNotFoundError("the installed cdk-key-management lacks the package envelope: install it again")
    if str(folder) not in sys.path[:1]:
        sys.path.insert(0, str(folder))
    found = sys.modules.get("envelope")
    if found is not None and Path(found.__file__ or "").parent != folder / "envelope":
        raise ImportError(f"envelope must be the package in {folder}, got {found.__file__}")
    return folder
