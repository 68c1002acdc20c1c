"""What an alias may be called, whichever way it is given to a key."""

import re

from constructs_lib.errors import ConfigurationError

PREFIX = "alias/"

# https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html
_ALIAS = re.compile(r"[a-zA-Z0-9:/_-]{1,250}")
OF_AWS = "aws/"
_TOKEN = "${Token["  # noqa: S105  # how the text of a CDK token begins


def full_alias_name(alias: str) -> str:
    """Return the name of an alias as KMS has it, with its prefix.

    Args:
        alias: The name without the prefix. A token is taken as it is.

    Raises:
        ConfigurationError: If KMS would refuse it: other characters, too long, or reserved.

    Examples:
        >>> full_alias_name("orders")
        'alias/orders'
    """
    is_text = isinstance(alias, str)
    has_token = is_text and _TOKEN in alias
    if not is_text or not (has_token or _ALIAS.fullmatch(alias)) or alias.lower().startswith((OF_AWS, PREFIX)):
        raise ConfigurationError(
            "alias must be 1 to 250 letters, digits and :/_- without the prefix alias/ and not begin with aws/, "
            f"got {alias!r}"
        )
    return f"{PREFIX}{alias}"
