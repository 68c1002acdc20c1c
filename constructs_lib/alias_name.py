"""What an alias may be called, whichever way it is given to a key."""

import re

from constructs_lib.errors import ConfigurationError

PREFIX = "alias/"

# https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html
_ALIAS = re.compile(r"[a-zA-Z0-9:/_-]{1,250}")
OF_AWS = "aws/"
_ARN = "arn:"
_TOKEN = "${Token["  # noqa: S105  # how the text of a CDK token begins


def full_alias_name(alias: str) -> str:
    """Return the name of an alias as KMS has it, with its prefix.

    Args:
        alias: The name, with or without the prefix. A token is taken as it is.

    Raises:
        ConfigurationError: If KMS would refuse it: other characters, too long, or reserved; or if it is an ARN.

    Examples:
        >>> full_alias_name("orders") == full_alias_name("alias/orders") == "alias/orders"
        True
    """
    name = alias.removeprefix(PREFIX) if isinstance(alias, str) else ""
    if name.startswith(_ARN):
        raise ConfigurationError(
            f"alias must be a name such as orders, which has no account and no Region, got {alias!r}"
        )
    if not (_TOKEN in name or _ALIAS.fullmatch(name)) or name.lower().startswith((OF_AWS, PREFIX)):
        raise ConfigurationError(
            "alias must be 1 to 250 letters, digits and :/_- beside a prefix alias/ and not begin with aws/, "
            f"got {alias!r}"
        )
    return f"{PREFIX}{name}"
