"""What the records of one invocation may ask of KMS, so that none of them takes the time or the calls of all others."""

from collections.abc import Callable
from typing import Final, TypeVar

from envelope.errors import NotReached
from envelope.keys.kms_remedies import is_no_answer
from envelope.keys.kms_retries import ATTEMPT_SECONDS_MAX as KMS_ATTEMPT_SECONDS_MAX
from envelope.limits import BATCH_KMS_CALLS_MAX
from envelope.records.batch import RESERVE_SECONDS
from envelope.records.sink_retries import ATTEMPT_SECONDS_MAX as SINK_ATTEMPT_SECONDS_MAX

# A call of KMS that hangs, a request to the destination that hangs as well, and the answer.
_RESERVE_SECONDS: Final = KMS_ATTEMPT_SECONDS_MAX + SINK_ATTEMPT_SECONDS_MAX + RESERVE_SECONDS
_SHARE_TO_RESERVE: Final = 0.5

_T = TypeVar("_T")


class KmsRation:
    """So many calls, as long as there is time for one more, and none for a key for which KMS had no answer.

    A record whose turn does not come fails alone, as `NotReached`; what others have had from KMS stays theirs.

    Examples:
        >>> ration = KmsRation(lambda: 60.0)
        >>> ration.ask("arn of a key", lambda: "answer")
        'answer'
    """

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        """Begin with the invocation's records.

        Args:
            seconds_left: Seconds until Lambda stops the function. The last of them are not for KMS: a call that hangs
                must end, and results must be delivered. Of a function that has hardly any time it is the last half.
        """
        self._seconds_left = seconds_left
        self._reserve = min(_RESERVE_SECONDS, seconds_left() * _SHARE_TO_RESERVE)
        self._calls_left = BATCH_KMS_CALLS_MAX
        self._unanswered: dict[str, Exception] = {}

    def ask(self, key_arn: str, call: Callable[[], _T]) -> _T:
        """Make a call, if it may be made.

        Args:
            key_arn: The key that it names.
            call: Makes it.

        Returns:
            The answer.

        Raises:
            NotReached: If it may not.
            Exception: What the call raises; for a key for which KMS had no answer, the same again without a call.
        """
        if key_arn in self._unanswered:
            # The one traceback would grow with each record.
            raise self._unanswered[key_arn].with_traceback(None)
        if self._seconds_left() <= self._reserve:
            raise NotReached("records must need few enough calls of KMS for the function's time, got more")
        if self._calls_left <= 0:
            raise NotReached(
                f"records must need few enough calls of KMS for one invocation, {BATCH_KMS_CALLS_MAX}, got more"
            )
        self._calls_left -= 1
        try:
            return call()
        except Exception as error:
            if is_no_answer(error):
                self._unanswered[key_arn] = error
            raise
