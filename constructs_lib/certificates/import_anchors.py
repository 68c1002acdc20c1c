"""Trust anchors: the root certificates to which the chain of an imported certificate must lead.

Only their form is checked here, without cryptography; the function reads the rest before it imports anything.
"""

import base64
import binascii
import re
from collections.abc import Sequence

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

ANCHORS_FILE = "trust_anchors.pem"
"""What the asset of the function calls them."""

# https://datatracker.ietf.org/doc/html/rfc7468#section-5
_PEM = re.compile(
    r"\s*-----BEGIN CERTIFICATE-----\s*(?P<body>[A-Za-z0-9+/=\s]+?)\s*-----END CERTIFICATE-----\s*", re.ASCII
)
_PRIVATE = "PRIVATE KEY"
_SEQUENCE, _LONG_FORM = 0x30, 0x80
_MOST = 50


def read_trust_anchors(given: Sequence[str]) -> tuple[str, ...]:
    r"""Return root certificates in one form: a line for each 64 characters, and a line end behind the last.

    Args:
        given: Each in PEM.

    Raises:
        ConfigurationError: If they are no list, more than 50, one is no certificate in PEM, or one is given twice. The
            text never quotes what came.

    Examples:
        >>> read_trust_anchors(["-----BEGIN CERTIFICATE-----MAA=-----END CERTIFICATE-----"])
        ('-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',)
    """
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"trust_anchors must be a list of certificates in PEM, got {_kind_of(given)}")
    if len(given) > _MOST:
        raise ConfigurationError(f"trust_anchors must be at most {_MOST} certificates, got {len(given)}")
    read: list[str] = []
    for number, each in enumerate(given):
        anchor = _read(f"trust_anchors[{number}]", each)
        if anchor in read:
            raise ConfigurationError(
                f"trust_anchors must name each certificate once, got trust_anchors[{number}] like "
                f"trust_anchors[{read.index(anchor)}]"
            )
        read.append(anchor)
    return tuple(read)


def _read(argument: str, given: object) -> str:
    if isinstance(given, str) and _PRIVATE in given:
        raise ConfigurationError(
            f"{argument} must be a certificate in PEM, got one with a private key: take that out of this app, and "
            "out of its history"
        )
    found = _PEM.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise ConfigurationError(
            f"{argument} must be one certificate in PEM, from -----BEGIN CERTIFICATE----- to "
            f"-----END CERTIFICATE-----, got {_kind_of(given)}"
        )
    body = "".join(found["body"].split())
    try:
        encoded = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ConfigurationError(f"{argument} must be one certificate in PEM, got no base64 in it") from error
    if not _is_one_sequence(encoded):
        raise ConfigurationError(f"{argument} must be one whole certificate in PEM, got something else in base64")
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def _is_one_sequence(encoded: bytes) -> bool:
    """Whether DER of one SEQUENCE fills it, as a certificate does. ITU-T X.690, 8.1.3 and 10.1."""
    if len(encoded) < len(b"\x30\x00") or encoded[0] != _SEQUENCE:
        return False
    if encoded[1] < _LONG_FORM:
        return len(encoded) == 2 + encoded[1]
    digits = encoded[1] - _LONG_FORM
    return len(encoded) == 2 + digits + int.from_bytes(encoded[2 : 2 + digits])


def _kind_of(given: object) -> str:
    return "a text that is none" if isinstance(given, str) else spoken(given)
