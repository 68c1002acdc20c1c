"""Which conditions may stand on a permission of a key policy: those that keep it to whom it was meant for. No jsii."""

from collections.abc import Iterable

from constructs_lib.actions import CARRY_CONTEXT
from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import PRINCIPAL_ARN, Conditions, Permission

_CONTEXT = ("kms:encryptioncontext:", "kms:encryptioncontextkeys")

# Whoever administers the key could change what they test. https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
_OF_ADMINISTRATION = ("aws:resourcetag/", "kms:requestalias", "kms:resourcealiases")
_OF_CALLERS_TAGS = "aws:principaltag/"


def check_conditions(permission: Permission, use: Iterable[str]) -> None:
    """Refuse conditions that let in somebody else than was meant, or nobody.

    An encryption context decides only about requests that carry one; on any other action the statement would allow
    nothing. Tags and aliases are changed by whoever administers the key, tags of a caller by whoever may tag him.

    Args:
        permission: What is about to be written.
        use: The actions that use this kind of key.

    Raises:
        ConfigurationError: If a person's context is bound to an action without one, or a use depends on a tag or alias.
    """
    if permission.effect == "Deny" or not permission.conditions:
        return
    names = [name for keys in permission.conditions.values() for name in keys]
    person = permission.principal.kind != "Service"
    without_context = sorted(set(permission.actions) - CARRY_CONTEXT)
    for name in names if person and without_context else ():
        if name.lower().startswith(_CONTEXT):
            raise ConfigurationError(
                f"conditions must bind an encryption context only to actions that carry one, got {name} on "
                f"{_some(without_context)}"
            )
    if set(permission.actions) & set(use):
        for name in names:
            _refuse_changeable(name, permission)


def _refuse_changeable(name: str, permission: Permission) -> None:
    lower = name.lower()
    if lower.startswith(_OF_ADMINISTRATION):
        raise ConfigurationError(
            f"conditions must not make the use of a key depend on its tags or aliases, which administrators change, "
            f"got {name}"
        )
    if lower.startswith(_OF_CALLERS_TAGS) and not _names_caller(permission):
        raise ConfigurationError(
            f"conditions must not let in whoever carries a tag, got {name} for {permission.principal.value}; "
            "name the role"
        )


def _some(actions: list[str]) -> str:
    return ", ".join(actions[:3]) + (f" and {len(actions) - 3} others" if len(actions) > 3 else "")


def _names_caller(permission: Permission) -> bool:
    principal = permission.principal
    return bool(principal.named) or not (principal.is_account or principal.value == "*")


def is_named_by_conditions(conditions: Conditions) -> bool:
    """Whether conditions do nothing but name a caller: `aws:PrincipalArn`, equal or by pattern."""
    named = {(operator, name.lower()) for operator, keys in conditions.items() for name in keys}
    return bool(named) and all(
        operator in {"ArnEquals", "ArnLike"} and name == PRINCIPAL_ARN.lower() for operator, name in named
    )
