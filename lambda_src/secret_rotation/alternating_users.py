"""The other one of two users who alternate, by the convention of AWS's rotation functions.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
"""

from typing import Final

from secret_rotation.errors import SecretUnusable
from secret_rotation.secret_value import SecretValue

USERNAME: Final = "username"
"""The field that holds the user's name, as in AWS's structure of database secrets."""

_CLONE: Final = "_clone"


def username_of(value: SecretValue) -> str:
    """Read whose credentials these are.

    Args:
        value: The value of a secret.

    Returns:
        The user's name.

    Raises:
        SecretUnusable: If it does not say.
    """
    found = value.fields.get(USERNAME)
    if not isinstance(found, str) or not found:
        raise SecretUnusable(f"secret must have a field {USERNAME} with a text, got none")
    return found


def other_user(username: str, *, longest: int) -> str:
    """Give the name of the user whose turn is next.

    Args:
        username: The name of the current user.
        longest: Characters that the service takes.

    Returns:
        The name with `_clone`, or the name without it.

    Raises:
        SecretUnusable: If the name gets too long.

    Examples:
        >>> other_user("shop", longest=63), other_user("shop_clone", longest=63)
        ('shop_clone', 'shop')
    """
    other = username.removesuffix(_CLONE)
    if not other:
        raise SecretUnusable(f"{USERNAME} must be a name beside {_CLONE}, got nothing else")
    if other == username:
        other = f"{username}{_CLONE}"
    if len(other) > longest:
        raise SecretUnusable(f"{USERNAME} must be at most {longest - len(_CLONE)} characters, got {len(username)}")
    return other
