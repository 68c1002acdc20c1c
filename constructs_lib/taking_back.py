"""Taking back a key that its stack left behind: `cdk import -c cdk-key-management:take-back=true`.

An import makes a stack of nothing but what it imports, so the key's policy must not refer to a role beside it. Under
this context keys are synthesised with only those statements that refer to nothing in a stack. Importing changes no
policy: the key goes on with the one it has, and the deployment that follows writes the whole policy again.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import IConstruct

    from constructs_lib.statements import Statement

_CONTEXT = "cdk-key-management:take-back"


def is_taken_back(key: "IConstruct") -> bool:
    """Whether the app is synthesised for an import."""
    return str(key.node.try_get_context(_CONTEXT)).lower() == "true"


def importable(statements: "Iterable[Statement]") -> "tuple[Statement, ...]":
    """Return the statements that refer to nothing in a stack."""
    return tuple(statement for statement in statements if not statement.names_resources)
