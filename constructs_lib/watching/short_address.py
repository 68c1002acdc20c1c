"""What tells constructs of one kind apart in names, as long as they stay where they are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from constructs import IConstruct

_HEXADECIMAL_DIGITS = 8


def short_address(construct: "IConstruct") -> str:
    """Return the end of a construct's address, of which two of one stack have hardly the same.

    https://docs.aws.amazon.com/cdk/api/v2/python/constructs/Node.html

    Args:
        construct: The construct.
    """
    return construct.node.addr[-_HEXADECIMAL_DIGITS:]
