"""Encryption contexts as constructs take them: keys that requests must have, and entries that are the same for all.

https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
"""

import json
from collections.abc import Mapping, Sequence

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError

_RESERVED_PREFIX = "aws-crypto-"
OBJECT_ID = "object-id"
"""The entry by which a message is bound to its object; the functions write it themselves."""

# Lambda takes 4 KB of environment variables in all, and ARNs of keys are among them.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_LONGEST = 3000


def check_required_context(required_context: Sequence[str]) -> None:
    """Refuse keys that no encryption context can have.

    Args:
        required_context: The keys.

    Raises:
        ConfigurationError: If they are no list, or one is empty, reserved, no Unicode text, or there twice.
    """
    # Of a mapping the values would be lost.
    if isinstance(required_context, str) or not isinstance(required_context, Sequence) or not required_context:
        raise ConfigurationError(f"required_context must be a list of at least one key, got {required_context!r}")
    for key in required_context:
        _check_text("required_context", key)
        _check_free("required_context", key)
    if sum(len(key.encode()) + 4 for key in required_context) > _LONGEST:
        raise ConfigurationError(
            f"required_context must be at most {_LONGEST} bytes as JSON, got more in {len(required_context)} keys"
        )
    if len(set(required_context)) != len(required_context):
        raise ConfigurationError(f"required_context must hold each key once, got {list(required_context)!r}")


def fixed_context(argument: str, context: Mapping[str, str]) -> str:
    """Return an encryption context as an environment variable holds it.

    Args:
        argument: What a refusal calls it.
        context: Its entries.

    Raises:
        ConfigurationError: If it has none, or one that an encryption context cannot have.
    """
    if not isinstance(context, Mapping) or not context:
        raise ConfigurationError(
            f'{argument} must be a mapping of at least one entry, such as {{"purpose": "orders"}}, got {context!r}'
        )
    for key, value in context.items():
        _check_text(argument, key)
        _check_text(argument, value)
        _check_free(argument, key)
    written = json.dumps(dict(sorted(context.items())), ensure_ascii=False)
    if len(written.encode()) > _LONGEST:
        raise ConfigurationError(f"{argument} must be at most {_LONGEST} bytes as JSON, got {len(written.encode())}")
    return written


def _check_free(argument: str, key: str) -> None:
    if key.startswith(_RESERVED_PREFIX) or key == OBJECT_ID:
        raise ConfigurationError(
            f"{argument} must hold no key that begins with {_RESERVED_PREFIX} and none called {OBJECT_ID}, got {key!r}"
        )


def _check_text(argument: str, text: str) -> None:
    if not isinstance(text, str) or not text.strip() or cdk.Token.is_unresolved(text):
        raise ConfigurationError(f"{argument} must hold literal, non-empty strings, got {text!r}")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ConfigurationError(f"{argument} must hold Unicode text, got half a character in {text!r}")
