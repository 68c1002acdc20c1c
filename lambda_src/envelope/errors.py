"""What can go wrong, one class for each thing that a caller can do about it."""
# The class name is the `errorType` that a caller of the function reads and that a Step Functions `Catch` names:
# it says what is wrong, and "Error" behind it would say nothing more.
# ruff: noqa: N818

_LONGEST_QUOTE = 64


class EnvelopeError(Exception):
    """Every failure that this package expects.

    Texts follow one form: `<argument> must be <allowed>, got <value>`. They never hold plaintext, key material
    or bytes of a message.
    """


class InvalidRequest(EnvelopeError):
    """The request breaks a rule: fix the request."""


class MalformedMessage(EnvelopeError):
    """The bytes are no message that this package reads: stop."""


class NotAuthentic(EnvelopeError):
    """The message is forged or corrupted, or the key or the encryption context is another one: stop.

    There is one text for all of these. Which check refused would help only someone who probes with forgeries.
    """

    def __init__(self, text: str = "message must be authentic under this key and encryption context") -> None:
        """Say that the message was refused, and no more than that.

        Args:
            text: What the caller reads. Default: the one text. Only the handler, which wraps that text for its
                caller, passes another.
        """
        super().__init__(text)


class KeyAccessDenied(EnvelopeError):
    """KMS will not do this with the key until somebody who administers the key or the role acts: ask them."""


class KeyUnavailable(EnvelopeError):
    """KMS could not answer now: retry later."""


class StorageAccessDenied(EnvelopeError):
    """S3, SQS or Kinesis will not let this function read or write until somebody who administers it acts: ask them."""


class StorageUnavailable(EnvelopeError):
    """S3, SQS or Kinesis could not answer now, broke off, or the object was changed meanwhile: retry later."""


class NotReached(EnvelopeError):
    """The time was over, or one before it failed, before this record's turn came: send it again."""


class LimitExceeded(EnvelopeError):
    """Something is larger than allowed: send less."""


def quoted(found: object) -> str:
    """Show what came, cut short: an error text must fit into an answer and a log line, whatever the request holds.

    Args:
        found: A key of a request.

    Returns:
        Its beginning.

    Examples:
        >>> quoted("tenant")
        "'tenant'"
        >>> len(quoted("x" * 1_000_000)) < 100
        True
    """
    text = repr(found)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."
