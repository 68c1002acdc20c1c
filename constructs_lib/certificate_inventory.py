"""The certificates of an app from its cloud assembly: `python -m constructs_lib.certificate_inventory cdk.out`.

It tells for each its names, its key, who validates and renews it, what serves it with which TLS policy, and whom the
app's own IAM policies let export, delete or replace it. It needs neither AWS nor the CDK.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.cloud_assembly import assemblies_in
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.inventory.certificate_list import CertificateList
from constructs_lib.inventory.construct_paths import paths_of, write_paths
from constructs_lib.inventory.inventory_page import inventory_page
from constructs_lib.inventory.listed_certificate import ListedCertificate

_STACK = "aws:cloudformation:stack"
_BEGINNING = "Read from a cloud assembly by `python -m constructs_lib.certificate_inventory`."


@dataclass(frozen=True)
class CertificateInventory:
    """The certificates of an app.

    Attributes:
        certificates: Those that it defines, then those from elsewhere that it serves.
        unread: The managed policies that were not read, and how many hold each.
    """

    certificates: tuple[ListedCertificate, ...]
    unread: dict[str, int]

    def page(self, *, title: str = "Certificates", beginning: str = _BEGINNING) -> str:
        """Return them as a page of Markdown.

        Args:
            title: Its heading.
            beginning: What stands below it.
        """
        return inventory_page(title, beginning, self.certificates, self.unread)

    def as_data(self) -> dict[str, Any]:
        """Return them as what JSON can write."""
        listed = [_plain(asdict(certificate)) for certificate in self.certificates]
        return {"certificates": listed, "unread_managed_policies": self.unread}


def certificate_inventory(assembly: Path) -> CertificateInventory:
    """Read the certificates of an app.

    Args:
        assembly: The folder that `cdk synth` wrote, such as `cdk.out`.

    Raises:
        ConfigurationError: If it is not the folder of a cloud assembly.
    """
    stacks = {str(path): named for folder in assemblies_in(assembly) for path, named in _stacks_in(folder)}
    templates = CloudTemplates.read(stacks)
    for path, named in stacks.items():
        write_paths(templates.by_path[path], named)
    listing = CertificateList(templates)
    return CertificateInventory(listing.listed(), listing.unread)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the inventory.

    Args:
        arguments: The command line without the program's name.
    """
    parser = argparse.ArgumentParser(
        prog="python -m constructs_lib.certificate_inventory",
        description="Print the certificates of an app: names, keys, where they serve, who renews and who may export.",
    )
    parser.add_argument("assembly", type=Path, help="the folder that 'cdk synth' wrote, such as cdk.out")
    parser.add_argument("--json", action="store_true", help="print data instead of a page")
    chosen = parser.parse_args(arguments)
    try:
        found = certificate_inventory(chosen.assembly)
    except ConfigurationError as error:
        parser.exit(1, f"{error}\n")
    sys.stdout.write(json.dumps(found.as_data(), indent=2) + "\n" if chosen.json else found.page())


def _stacks_in(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield the template of each stack with the construct paths of its resources."""
    artifacts = json.loads((folder / "manifest.json").read_text()).get("artifacts", {})
    for artifact in artifacts.values():
        if artifact["type"] == _STACK:
            yield folder / artifact["properties"]["templateFile"], paths_of(folder, artifact)


def _plain(value: Any) -> Any:  # noqa: ANN401  # any value of a certificate
    """Return a value with the names of members instead of members."""
    if isinstance(value, dict):
        return {_plain(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value


if __name__ == "__main__":
    main()
