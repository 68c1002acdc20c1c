"""Whether a Deny in the resource policy of a secret hits who deploys it: then nobody takes it away again. No jsii."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import PRINCIPAL_ARN, arn_parts
from constructs_lib.secret_actions import DEPLOY_SECRET
from constructs_lib.secrets.secret_statement import SecretStatement

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_ACCOUNT = "aws:principalaccount"
_OF_SESSION = "assumed-role/"
_LIKE = ("arnequals", "arnlike", "stringequals", "stringequalsignorecase", "stringlike")
_UNLIKE = ("arnnotequals", "arnnotlike", "stringnotequals", "stringnotequalsignorecase", "stringnotlike")
# Of the Arn operators both take patterns.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
_TAKE_PATTERNS = ("arnequals", "arnlike", "arnnotequals", "arnnotlike", "stringlike", "stringnotlike")
_BOOL = ("bool", "boolifexists")


def refuse_lockout(statement: SecretStatement, deployers: Iterable[str], *, account: str) -> None:
    """Refuse a Deny that would keep deployers from changing or deleting the secret, and from undoing that.

    Conditions are taken to be met, unless it is known that they are not: where they are about `aws:PrincipalArn` or
    `aws:PrincipalAccount` and leave the deployer out, or about requests without TLS: CloudFormation makes none.

    Args:
        statement: Of a resource policy.
        deployers: Their ARNs, or placeholders for them.
        account: Of the secret and its deployers.

    Raises:
        ConfigurationError: If one of them may be hit.
    """
    if statement.effect != "Deny":
        return
    denied = [action for action in DEPLOY_SECRET if _holds(statement.actions, action)]
    hit = [
        name
        for name in deployers
        if any(_is_principal(value, name, account) for value in statement.principals.get("AWS", ()))
        and not any(_leaves_out(*each, name, account) for each in _conditions(statement))
    ]
    if hit and denied:
        raise ConfigurationError(
            f"statement must not deny {', '.join(sorted(denied))} to deployers, or nobody changes the secret and its "
            f"policy again, got one that may hit {', '.join(sorted(hit))}; spare them by ArnNotEquals {PRINCIPAL_ARN}"
        )


def _holds(patterns: Iterable[str], action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def _conditions(statement: SecretStatement) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator, keys in statement.conditions.items():
        for key, values in keys.items():
            yield operator.lower(), key.lower(), values


def _is_principal(principal: str, deployer: str, account: str) -> bool:
    """Whether a principal is the deployer, a session of his role, or a whole to which he belongs."""
    if principal in {"*", deployer}:
        return True
    if principal.isdigit():
        return _is_part(account, principal, takes_patterns=False)
    theirs, mine = _parts(principal), _parts(deployer)
    if not theirs or not _is_part(account, theirs[4], takes_patterns=False):
        return False
    if theirs[5].startswith(_OF_SESSION) and mine:
        return theirs[5].split("/")[1] == mine[5].rpartition("/")[2]
    return theirs[5] == "root" or bool(mine and theirs[5] == mine[5])


def _leaves_out(operator: str, key: str, values: tuple[str, ...], deployer: str, account: str) -> bool:
    """Whether a condition does not hold when a deployer asks."""
    if key == "aws:securetransport":
        return operator in _BOOL and {*values} == {"false"}
    if key not in {PRINCIPAL_ARN.lower(), _ACCOUNT}:
        return False
    takes_patterns = operator in _TAKE_PATTERNS
    asked = account if key == _ACCOUNT else deployer
    if operator in _UNLIKE:
        return any(_fits(value, asked, takes_patterns=takes_patterns, unknown=False) for value in values)
    return operator in _LIKE and not any(
        _fits(value, asked, takes_patterns=takes_patterns, unknown=True) for value in values
    )


def _fits(value: str, asked: str, *, takes_patterns: bool, unknown: bool) -> bool:
    """Whether a value of a condition fits what is asked; `unknown` is for what only the deployment knows."""
    if value == asked or (takes_patterns and value == "*"):
        return True
    mine, theirs = _parts(asked), _parts(value)
    if mine and theirs:
        return all(_is_part(part, each, takes_patterns=takes_patterns) for part, each in zip(mine, theirs, strict=True))
    if _PLACEHOLDER.fullmatch(asked) or _PLACEHOLDER.fullmatch(value):
        return unknown
    return takes_patterns and fnmatchcase(asked, value)


def _is_part(asked: str, value: str, *, takes_patterns: bool) -> bool:
    # Partitions and accounts are written as placeholders by some and as literals by others.
    is_own = bool(_PLACEHOLDER.fullmatch(asked) or _PLACEHOLDER.fullmatch(value))
    return is_own or asked == value or (takes_patterns and fnmatchcase(asked, value))


def _parts(arn: str) -> tuple[str, ...]:
    try:
        return arn_parts(arn)
    except ConfigurationError:  # a placeholder, a number or a pattern of its own
        return ()
