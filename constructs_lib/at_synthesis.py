"""What can be checked or announced only when every grant has been made: at synthesis, after the Aspects."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import jsii
from constructs import IValidation

if TYPE_CHECKING:
    from constructs import IConstruct

Check = Callable[[], list[str]]
"""Returns what is wrong, and may annotate."""


def at_synthesis(construct: "IConstruct", check: Check) -> None:
    """Have a check run when the app is synthesised, once with the construct's stage.

    Args:
        construct: In whose name findings are reported.
        check: What it returns makes the synthesis fail.
    """
    construct.node.add_validation(_Validation(check))


@jsii.implements(IValidation)
class _Validation:
    def __init__(self, check: Check) -> None:
        self._check = check

    def validate(self) -> list[str]:
        return self._check()
