"""What the process of the embedded AWS is told when it starts, as one line of JSON on its standard input."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that is particular to one life of the embedded AWS.

    `installer_environment` is what the installer of native wheels runs with: the environment outside, whose
    package cache and proxies it needs, and which nothing else in the process sees.
    """

    folder: Path
    certificate: Path
    private_key: Path
    account: str
    region: str
    access_key_id: str
    secret_access_key: str
    installer_environment: dict[str, str]

    def to_line(self) -> str:
        """Write the settings as one line of JSON."""
        return json.dumps(asdict(self), default=str) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "Settings":
        """Read what `to_line` wrote."""
        found = json.loads(line)
        for name in ("folder", "certificate", "private_key"):
            found[name] = Path(found[name])
        return cls(**found)
