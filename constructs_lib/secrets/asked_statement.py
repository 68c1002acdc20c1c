"""What others want in the resource policy of a secret: a statement of the CDK, checked and as plain data."""

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import short_digest
from constructs_lib.secret_actions import (
    EVERY_SECRET_ACTION,
    GET_SECRET_VALUE,
    MOVE_SECRET_VERSION,
    OPEN_SECRET,
    PUT_SECRET_VALUE,
    TAKE_SECRET_AWAY,
)
from constructs_lib.secrets.secret_statement import EVERYBODY, SecretStatement
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs_lib.naming.token_text import TokenText
    from constructs_lib.principals import Effect

_BY_SMALL_LETTERS = {action.lower(): action for action in EVERY_SECRET_ACTION}
_INSTEAD = {
    "grant_read(...)": GET_SECRET_VALUE,
    "grant_write(...)": PUT_SECRET_VALUE,
    "administrators=": (*TAKE_SECRET_AWAY, *MOVE_SECRET_VERSION),
    "deployers=": OPEN_SECRET,
}


def asked_statement(statement: iam.PolicyStatement, text: "TokenText") -> SecretStatement:
    """Return a statement that may stand beside those of the secret.

    Args:
        statement: For a resource policy; its resources do not matter.
        text: Names for the tokens of the stack.

    Raises:
        ConfigurationError: If it is none, says whom or what it does not mean, names what is no action on a secret,
            allows everybody or something by a wildcard, allows what the secret gives by its own methods, or denies
            everybody or a whole account something under no condition.
    """
    if not isinstance(statement, iam.PolicyStatement):
        raise ConfigurationError(f"statement must be an iam.PolicyStatement, got {spoken(statement)}")
    data = statement.to_statement_json()
    if "Principal" not in data or "Action" not in data or any(each.startswith("Not") for each in data):
        raise ConfigurationError(
            "statement must have Principal and Action and neither NotPrincipal, NotAction nor NotResource, got "
            f"{', '.join(sorted(data))}"
        )
    effect = cast("Effect", data.get("Effect", "Allow"))
    principals = {kind: _named(values, text) for kind, values in _by_kind(data["Principal"]).items()}
    actions = tuple(map(_as_aws_writes_it, _named(data["Action"], text)))
    conditions = _conditions(data.get("Condition", {}), text)
    is_everybody = any("*" in value for values in principals.values() for value in values)
    if effect == "Allow":
        _check_allowed(actions, is_everybody=is_everybody)
    elif not conditions and any(map(_is_wide, (value for values in principals.values() for value in values))):
        raise ConfigurationError(
            "statement must not deny everybody, or a whole account, something under no condition, deployers among "
            f"them, got {', '.join(actions)}"
        )
    digest = short_digest([principals, actions, conditions])
    sid = f"{data.get('Sid') or ('Asked' + effect)}{digest}"
    return SecretStatement(
        sid=re.sub(r"[^A-Za-z0-9]", "", sid),
        effect=effect,
        principals=EVERYBODY if is_everybody else principals,
        actions=actions,
        conditions=conditions,
    )


def _as_aws_writes_it(action: str) -> str:
    """Return an action as AWS writes it; IAM does not tell capitals from small letters. A pattern stays as it is.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html

    Raises:
        ConfigurationError: If there is none of that name, or none that it fits.
    """
    small = action.lower()
    if not any(fnmatchcase(known, small) for known in _BY_SMALL_LETTERS):
        raise ConfigurationError(
            f"statement must name actions of secretsmanager on a secret, such as {EVERY_SECRET_ACTION[1]}, got {action}"
        )
    return _BY_SMALL_LETTERS.get(small, action)


def _check_allowed(actions: tuple[str, ...], *, is_everybody: bool) -> None:
    if is_everybody:
        raise ConfigurationError(
            "statement must name roles and users in an Allow, got everybody: the secret would be public"
        )
    for action in actions:
        if action not in EVERY_SECRET_ACTION:
            raise ConfigurationError(f"statement must allow exact actions of secretsmanager, got {action}")
        for instead, given in _INSTEAD.items():
            if action in given:
                raise ConfigurationError(
                    f"statement must not allow {action}, which the policy denies to whom it does not name, and which "
                    f"asks for the key: use {instead}"
                )


def _is_wide(principal: str) -> bool:
    # Denied to an account is denied to everybody in it.
    return "*" in principal or principal.endswith(":root") or principal.isdigit()


def _by_kind(principal: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    return {"AWS": principal} if isinstance(principal, str) else dict(principal)


def _named(values: Any, text: "TokenText") -> tuple[str, ...]:  # noqa: ANN401  # any JSON value
    return tuple(text.text(each) for each in ([values] if isinstance(values, str) else values))


def _conditions(conditions: Any, text: "TokenText") -> dict[str, dict[str, tuple[str, ...]]]:  # noqa: ANN401  # JSON
    return {
        operator: {
            key: _named([_said(each) for each in (values if isinstance(values, list) else [values])], text)
            for key, values in keys.items()
        }
        for operator, keys in conditions.items()
    }


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
