"""Taking back a key that its stack left behind: `cdk import -c cdk-key-management:take-back=true`.

An import makes a stack of nothing but what it imports, so the key's policy must not refer to a role beside it. Under
this context keys are synthesised with only those statements that refer to nothing in a stack. Importing changes no
policy: the key goes on with the one it has, and the deployment that follows writes the whole policy again. The
guardrails check that a template says what its construct wrote, and leave out what they compare with a whole policy.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import IConstruct

    from constructs_lib.statements import Statement

_CONTEXT = "cdk-key-management:take-back"


def is_taken_back(key: "IConstruct") -> bool:
    """Whether the app is synthesised for an import."""
    return str(key.node.try_get_context(_CONTEXT)).lower() == "true"


def announce_taken_back(stack: cdk.Stack) -> None:
    """Say of a stack, once for all its keys, that what is synthesised now must not be deployed.

    Args:
        stack: With keys that are taken back.
    """
    cdk.Annotations.of(stack).add_warning_v2(
        "cdk-key-management:take-back",
        f"its keys are synthesised for `cdk import` only, since the context {_CONTEXT} is set: statements of their "
        "policies are left out, and their use is not checked; deploy without it",
    )


def importable(statements: "Iterable[Statement]") -> "tuple[Statement, ...]":
    """Return the statements that refer to nothing in a stack."""
    return tuple(statement for statement in statements if not statement.names_resources)
