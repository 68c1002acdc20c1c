"""No access key is above the policies: ministack's built-in root keys are closed.

ministack takes the key `test`, an empty key, the key of its own environment and every account id for the
root user, whose signature it does not check and whose requests it always allows.
"""

from ministack.core import iam_evaluator
from ministack.services import sts


def close() -> None:
    """Let every key be an unknown one until it is given to a user or to a session of a role."""
    iam_evaluator.is_root_access_key = _is_never_root
    sts.is_root_access_key = _is_never_root


def _is_never_root(_access_key_id: str) -> bool:
    return False
