"""NameNotes: who is named by name because of the stack in which he is, announced once for each key."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis

if TYPE_CHECKING:
    from constructs import IConstruct


_NOTES = "_cdk_key_management_name_notes"


@dataclass(eq=False)
class NameNotes:
    """Roles and users of other stacks, and the ARNs by which one key policy names them.

    Attributes:
        key: The key in whose policy they stand.
    """

    key: "IConstruct"
    _arns: dict[str, str] = field(default_factory=dict)
    _given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, key: "IConstruct") -> "NameNotes":
        """Return the notes of a key, which is the only one to have them."""
        notes: NameNotes | None = getattr(key, _NOTES, None)
        if notes is None:
            notes = cls(key)
            setattr(key, _NOTES, notes)
            at_synthesis(key, notes._announce)
        return notes

    def note(self, path: str, arn: str) -> None:
        """Remember somebody of another stack.

        Args:
            path: Where he is in the tree.
            arn: What `aws:PrincipalArn` must be.
        """
        self._arns[path] = arn

    def note_given(self, path: str, name: str) -> None:
        """Remember somebody who had no name and was given one for this key.

        Args:
            path: Where he is in the tree.
            name: His name.
        """
        self._given[path] = name

    def _announce(self) -> list[str]:
        said = []
        if self._arns:
            named = ", ".join(f"{path} as {arn}" for path, arn in sorted(self._arns.items()))
            said.append(
                f"named by name, as they are in other stacks: {named}; who moves into the key's stack is then named by "
                "identity, unless the key's naming is BY_NAME"
            )
        if self._given:
            given = ", ".join(f"{path} is {name}" for path, name in sorted(self._given.items()))
            said.append(
                f"given a name, so that a key policy can name them by it: {given}; who is deployed already without a "
                "name is replaced: give the role a role_name of your own, or set unnamed_roles on the key"
            )
        cdk.Annotations.of(self.key).add_info_v2("cdk-key-management:named-by-name", ". ".join(said))
        return []
