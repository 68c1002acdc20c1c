"""NameNotes: who is named by name because of the stack in which he is, announced once for each key."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis

if TYPE_CHECKING:
    from constructs import IConstruct


@dataclass
class NameNotes:
    """Roles and users of other stacks, and the ARNs by which one key policy names them."""

    _arns: dict[str, str] = field(default_factory=dict)

    def note(self, key: "IConstruct", path: str, arn: str) -> None:
        """Remember somebody.

        Args:
            key: The key in whose policy he stands.
            path: Where he is in the tree.
            arn: What `aws:PrincipalArn` must be.
        """
        if not self._arns:
            at_synthesis(key, lambda: self._announce(key))
        self._arns[path] = arn

    def _announce(self, key: "IConstruct") -> list[str]:
        named = ", ".join(f"{path} as {arn}" for path, arn in sorted(self._arns.items()))
        cdk.Annotations.of(key).add_info_v2(
            "cdk-key-management:named-by-name",
            f"named by name, as they are in other stacks: {named}; who moves into the key's stack is then named by "
            "identity, unless the key's naming is BY_NAME",
        )
        return []
