"""Which conditions may stand on a permission of a key policy: those that keep it to whom it was meant for. No jsii."""

import re
from collections.abc import Iterable

from constructs_lib.actions import CARRY_CONTEXT, CREATE_GRANT, DATA_KEY_WITHOUT_PLAINTEXT
from constructs_lib.errors import ConfigurationError
from constructs_lib.policy_variables import are_literal
from constructs_lib.principals import Permission

_VARIABLE = re.compile(r"\$\{([^}]*)")
_MOST_NAMED = 3  # in a message
_CONTEXT = ("kms:encryptioncontext:", "kms:encryptioncontextkeys")

# Whoever administers the key could change what they test. https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
_OF_ADMINISTRATION = ("aws:resourcetag/", "kms:requestalias", "kms:resourcealiases")
_OF_CALLERS_TAGS = "aws:principaltag/"

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
_APPLICATION = ("aud", "app_id")

# As IAM Identity Center names the roles of one permission set, under a path where only AWS makes roles.
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
_PERMISSION_SET = re.compile(
    r"arn:[^*?]+:role/aws-reserved/sso\.amazonaws\.com/(\*/)?AWSReservedSSO_[A-Za-z0-9_+=,.@-]+_\?{16}"
)


def check_conditions(permission: Permission, use: Iterable[str]) -> None:
    """Refuse conditions that let in somebody else than was meant, or nobody.

    An encryption context decides only about requests that carry one; on any other action the statement would allow
    nothing. Tags and aliases are changed by whoever administers the key, tags of a caller by whoever may tag him. A
    provider of identities that is not one of an account is everybody's, and so must be narrowed to one application.

    Args:
        permission: What is about to be written.
        use: The actions that use this kind of key.

    Raises:
        ConfigurationError: If a person's context is bound to an action without one, if a use depends on a tag or alias,
            or if everybody of a public provider is let in.
    """
    if permission.effect == "Deny":
        return
    _refuse_public_provider(permission)
    names = [name for keys in permission.conditions.values() for name in keys]
    _refuse_context(names, permission, frozenset(use))
    if set(permission.actions) & {*use, CREATE_GRANT}:  # a grant hands the use out
        values = [value for keys in permission.conditions.values() for each in keys.values() for value in each]
        variables = [variable for value in values for variable in _VARIABLE.findall(value)]
        for name in (*names, *variables):
            _refuse_changeable(name, permission)


def _refuse_context(names: Iterable[str], permission: Permission, use: frozenset[str]) -> None:
    # Only a symmetric key makes data keys, and only with one do requests carry a context.
    carry = CARRY_CONTEXT if DATA_KEY_WITHOUT_PLAINTEXT in use else frozenset()
    without = sorted(set(permission.actions) - carry)
    if permission.principal.kind == "Service" or not without:
        return
    for name in names:
        if name.lower().startswith(_CONTEXT):
            raise ConfigurationError(
                f"conditions must bind an encryption context only to actions that carry one, got {name} on "
                f"{_some(without)}; allow these to the principal without the context, beside it"
            )


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


def _refuse_public_provider(permission: Permission) -> None:
    provider = permission.principal.value
    if permission.principal.kind != "Federated" or provider.startswith(("arn:", "${")):
        return
    wanted = [f"{provider}:{word}" for word in _APPLICATION]
    equal = permission.conditions.get("StringEquals", {})
    if not any(name in equal and are_literal(equal[name]) for name in wanted):
        given = [value for name in wanted for value in equal.get(name, ())]
        raise ConfigurationError(
            f"conditions must say whose application it is for {provider}, which is everybody's: StringEquals on "
            f"{' or '.join(wanted)}, got {', '.join(given) or 'none'}"
        )


def _some(actions: list[str]) -> str:
    others = len(actions) - _MOST_NAMED
    return ", ".join(actions[:_MOST_NAMED]) + (f" and {others} others" if others > 0 else "")


def _names_caller(permission: Permission) -> bool:
    principal = permission.principal
    if principal.named:
        return are_literal([principal.named]) or _PERMISSION_SET.fullmatch(principal.named) is not None
    return not (principal.is_account or principal.value == "*")
