import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.session_assets import SessionAssets

_ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.deploy
def test_the_demonstration_holds_from_end_to_end_and_is_plain_when_piped(
    tmp_path: Path, session_assets: SessionAssets
) -> None:
    data, assembly = tmp_path / "data.bin", tmp_path / "assembly"
    data.write_bytes(bytes(range(256)) * 300)
    session_assets.lend(assembly)

    shown = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "local_aws.demo", str(data), "--assembly", str(assembly)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    session_assets.keep(assembly)

    assert shown.returncode == 0, shown.stdout + shown.stderr
    held = re.search(r"^(\d+) of (\d+) claims held$", shown.stdout, re.MULTILINE)
    assert held is not None
    assert held[1] == held[2]
    assert "\x1b" not in shown.stdout
    assert shown.stderr == ""
