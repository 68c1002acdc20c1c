"""Secrets in plain text: what would stand in the template is refused if it calls itself secret, or looks so."""

import re

from constructs_lib.errors import ConfigurationError

_NO_LETTER = re.compile(r"[^a-z]")
_SECRET_NAME = re.compile(
    r"(password|passwd|passphrase|pwd|secret|token|credential|(api|private|access|secret|signing)key)s?\Z"
)
_SECRET_VALUES = {
    "a private key": re.compile(r"-----BEGIN (?!CERTIFICATE|[A-Z0-9 ]*PUBLIC KEY-----)"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    "an access key of AWS": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a signed token": re.compile(r"\beyJ[\w-]+\.eyJ[\w-]+\."),
    "an address with a password": re.compile(r"://[^/\s:@]+:[^/\s@]+@"),
}


def check_not_secret(name: str, value: str) -> None:
    """Refuse a field of the template that calls itself secret, or whose value looks like a key.

    Args:
        name: The field.
        value: Its value, which is in no message.

    Raises:
        ConfigurationError: If it is such.

    Examples:
        >>> check_not_secret("token_url", "https://login.example.com")
    """
    found = "such a name" if _SECRET_NAME.search(_NO_LETTER.sub("", name.lower())) else ""
    found = found or next((kind for kind, looks in _SECRET_VALUES.items() if looks.search(value)), "")
    if found:
        raise ConfigurationError(
            f"{name} must be nothing secret, since it stands in the template, got {found}: have it drawn as "
            "generated_field, or let a writer put all fields with Supplied.json(...); unsafe_value(...) takes the "
            "value into the template"
        )
