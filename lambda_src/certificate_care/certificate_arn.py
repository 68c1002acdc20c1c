"""The ARN of a certificate in ACM."""

import re
from typing import Final

from certificate_care.errors import InvalidEvent

_ARN: Final = re.compile(r"arn:aws[a-z-]*:acm:[a-z0-9-]{1,32}:[0-9]{12}:certificate/[A-Za-z0-9-]{1,64}")
_LONGEST_QUOTE: Final = 64


def is_certificate_arn(found: object) -> bool:
    """Tell the ARN of a certificate from anything else.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html

    Args:
        found: Anything.

    Returns:
        Whether it is one.
    """
    return isinstance(found, str) and _ARN.fullmatch(found) is not None


def read_certificate_arn(argument: str, found: object) -> str:
    """Read the ARN of a certificate.

    Args:
        argument: What it is called, for the error.
        found: What came.

    Returns:
        The same.

    Raises:
        InvalidEvent: If it is none.
    """
    if isinstance(found, str) and is_certificate_arn(found):
        return found
    got = type(found).__name__ if not isinstance(found, str) else repr(found[:_LONGEST_QUOTE])
    raise InvalidEvent(f"{argument} must be the ARN of a certificate in ACM, got {got}")
