"""Policy variables: what IAM puts into a policy when it decides, such as `${aws:PrincipalAccount}`. No jsii.

The names of condition keys do not tell small letters from capitals, so neither do variables.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Iterable

_VARIABLE = re.compile(r"\$\{[^}:]*:[^:}]|\$\{[*?$]\}")
"""The names of our own placeholders hold no colon, or two of them as `${AWS::AccountId}` does."""

_WILDCARD = re.compile(r"[*?]")


def holds_variable(text: str) -> bool:
    """Whether IAM would replace a part of a text by what the request says.

    Examples:
        >>> holds_variable("${AWS:PrincipalAccount}"), holds_variable("${AWS::AccountId}")
        (True, False)
    """
    return _VARIABLE.search(text) is not None


def are_literal(values: Iterable[str]) -> bool:
    """Whether each value stands for one thing, whoever asks: no variable and no wildcard.

    Examples:
        >>> are_literal(["111122223333", "${AWS::AccountId}"]), are_literal(["1111*"])
        (True, False)
    """
    return not any(_WILDCARD.search(value) or holds_variable(value) for value in values)
