"""Which of the calls that they declare CloudFormation's handlers of keys really make.

A permission that no call needs is not asked for: a key policy may deny, to everybody, what no deployment does.
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms
"""

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.server.resource_types.key_changes import is_enabled

KEYS = frozenset(("AWS::KMS::Key", "AWS::KMS::ReplicaKey"))
"""The types of keys."""

_Properties = Mapping[str, Any]


def is_called(action: str, operation: str, old: _Properties, new: _Properties) -> bool:
    """Say whether a handler calls an action that it declares.

    Args:
        action: An IAM action.
        operation: The handler: `create`, `update`, `delete` or `import`.
        old: The properties before an update.
        new: Those that the template has now.
    """
    rule = _RULES.get(action)
    if rule is None or operation not in {"create", "update"}:
        return True
    return rule({} if operation == "create" else old, new)


def _changes(name: str, default: object = None) -> Callable[[_Properties, _Properties], bool]:
    return lambda old, new: new.get(name, default) != old.get(name, default)


def _rotates(old: _Properties, new: _Properties) -> bool:
    names = ("EnableKeyRotation", "RotationPeriodInDays")
    return bool(new.get("EnableKeyRotation")) and any(new.get(name) != old.get(name) for name in names)


def _stops_rotating(old: _Properties, new: _Properties) -> bool:
    return bool(old.get("EnableKeyRotation")) and not new.get("EnableKeyRotation")


_RULES: Mapping[str, Callable[[_Properties, _Properties], bool]] = {
    "kms:DisableKey": lambda old, new: is_enabled(old) and not is_enabled(new),
    "kms:EnableKey": lambda old, new: is_enabled(new) and not is_enabled(old),
    "kms:EnableKeyRotation": _rotates,
    "kms:DisableKeyRotation": _stops_rotating,
    "kms:PutKeyPolicy": _changes("KeyPolicy"),
    "kms:TagResource": _changes("Tags", []),
    "kms:UntagResource": _changes("Tags", []),
    "kms:UpdateKeyDescription": _changes("Description", ""),
}
