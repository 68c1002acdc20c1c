"""The operators for ARNs compare part by part, so that no asterisk reaches over a colon.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
ministack compares an ARN as one piece of text: the account `*` would match every account with anything after it.
"""

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import fnmatch_iam_cs

_PARTS = 6


def extend() -> None:
    """Replace the four operators, of which two are the opposites of the others."""
    for like in ("arnequals", "arnlike"):
        iam_evaluator._CONDITION_OPS[like] = _is_like
    for unlike in ("arnnotequals", "arnnotlike"):
        iam_evaluator._CONDITION_OPS[unlike] = _is_unlike


def _is_like(actual: str, expected: str) -> bool:
    found, wanted = actual.split(":", _PARTS - 1), expected.split(":", _PARTS - 1)
    return len(found) == len(wanted) == _PARTS and all(map(fnmatch_iam_cs, found, wanted))


def _is_unlike(actual: str, expected: str) -> bool:
    return not _is_like(actual, expected)
