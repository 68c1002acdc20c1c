"""AWS CDK constructs for encryption and key management.

Each name is loaded when it is first asked for, so that one construct does not load them all.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from constructs_lib.encryption_key import EncryptionKey, Lifecycle
    from constructs_lib.envelope_encryption import EnvelopeEncryption
    from constructs_lib.errors import ConfigurationError
    from constructs_lib.key_policy import Administration
    from constructs_lib.naming.role_names import UnnamedRoles

__all__ = [
    "Administration",
    "ConfigurationError",
    "EncryptionKey",
    "EnvelopeEncryption",
    "Lifecycle",
    "UnnamedRoles",
]

_HOMES = {
    "Administration": "key_policy",
    "ConfigurationError": "errors",
    "EncryptionKey": "encryption_key",
    "EnvelopeEncryption": "envelope_encryption",
    "Lifecycle": "encryption_key",
    "UnnamedRoles": "naming.role_names",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it.

    Raises:
        AttributeError: If there is no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
