"""The two functions: event to request, result to answer, failure to status; and one log line for each request."""

import json
import logging
import os
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import botocore.session
from botocore.config import Config

from envelope import message
from envelope.base64_text import from_base64, to_base64
from envelope.context import EncryptionContext
from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    KeyAccessDenied,
    KeyUnavailable,
    LimitExceeded,
    MalformedMessage,
    NotAuthentic,
    quoted,
)
from envelope.keyring import Keyring
from envelope.kms_keyring import KmsClient, KmsKeyring, region_of
from envelope.limits import MESSAGE_BYTES_MAX, PLAINTEXT_BYTES_MAX

Facts: TypeAlias = dict[str, object]
"""What the log line of a request says. Keys of the encryption context, not values: those may be personal data."""

_logger = logging.getLogger("envelope")

_REMEDIES: Final[dict[type[EnvelopeError], tuple[int, bool]]] = {  # status, and whether to retry
    InvalidRequest: (400, False),
    MalformedMessage: (400, False),
    NotAuthentic: (400, False),
    KeyAccessDenied: (403, False),
    LimitExceeded: (413, False),
    KeyUnavailable: (503, True),
}
_UNEXPECTED: Final = (500, False)


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is decided when the function is deployed.

    Attributes:
        keyring: Where data keys come from.
        key_arn: The key, for the log.
        required_context: Keys that the encryption context of every request must hold.
        clock: Seconds, from any beginning.
    """

    keyring: Keyring
    key_arn: str
    required_context: frozenset[str]
    clock: Callable[[], float] = time.perf_counter

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, client: KmsClient) -> Self:
        """Read the deployment from environment variables.

        Args:
            environment: `ENVELOPE_KEY_ARN`, the key; `REQUIRED_CONTEXT_KEYS`, a JSON list of at least one string.
            client: A KMS client.

        Returns:
            The deployment.

        Raises:
            ValueError: If one of them is missing or something else.
        """
        required = json.loads(environment.get("REQUIRED_CONTEXT_KEYS", "null"))
        if not (isinstance(required, list) and required and all(isinstance(key, str) for key in required)):
            raise ValueError(f"REQUIRED_CONTEXT_KEYS must be a JSON list of strings, not empty, got {required!r}")
        keyring = KmsKeyring(client, key_arn=environment.get("ENVELOPE_KEY_ARN", ""))
        return cls(keyring=keyring, key_arn=keyring.key_arn, required_context=frozenset(required))


@cache
def deployed() -> Deployment:
    """Give the deployment of this process, with its KMS client, which is made once.

    Returns:
        What the environment says.
    """
    # At the level DEBUG botocore logs the bodies of responses, and the body of ours is a data key. This level holds
    # even where somebody sets the function's log level to DEBUG.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    # KMS answers in milliseconds; the defaults (60 seconds, twice, and five attempts) outlast every caller.
    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    # The key may be in another Region than the function; KMS answers for its own Region alone.
    region = region_of(os.environ.get("ENVELOPE_KEY_ARN", ""))
    client: Any = botocore.session.get_session().create_client("kms", region_name=region, config=config)
    return Deployment.from_environment(os.environ, client=client)


def encrypt(event: object, _: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Encrypt: `{"plaintext": base64, "encryption_context": {...}}` to `{"message": base64}`.

    Args:
        event: The request.
        deployment: Key, rules and client. Default: those of the environment.

    Returns:
        The answer.

    Raises:
        EnvelopeError: One of its kinds, with a JSON object of `status`, `retry` and `error` as its text, in the
            form that API Gateway takes for custom Lambda errors, and nothing chained behind it.
        RuntimeError: The same for what nobody expected, with status 500.
    """
    return _serve("encrypt", _encrypt, event, deployment or deployed())


def decrypt(event: object, _: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Decrypt: `{"message": base64, "encryption_context": {...}}` to the plaintext and the context.

    Args:
        event: The request. Its encryption context must be exactly the one of the message.
        deployment: Key, rules and client. Default: those of the environment.

    Returns:
        `{"plaintext": base64, "encryption_context": {...}}`.

    Raises:
        EnvelopeError: As `encrypt` does.
        RuntimeError: As `encrypt` does.
    """
    return _serve("decrypt", _decrypt, event, deployment or deployed())


def _encrypt(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    plaintext, context = _read(event, "plaintext", PLAINTEXT_BYTES_MAX, deployment, facts)
    sealed = message.encrypt(plaintext, keyring=deployment.keyring, context=context)
    facts["message_bytes"] = len(sealed)
    return {"message": to_base64(sealed)}


def _decrypt(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    sealed, context = _read(event, "message", MESSAGE_BYTES_MAX, deployment, facts)
    plaintext = message.decrypt(sealed, keyring=deployment.keyring, context=context)
    facts["plaintext_bytes"] = len(plaintext)
    return {"plaintext": to_base64(plaintext), "encryption_context": context.to_dict()}


def _serve(
    operation: str,
    work: Callable[[object, Deployment, Facts], dict[str, Any]],
    event: object,
    deployment: Deployment,
) -> dict[str, Any]:
    """Do the work, log it, and raise what went wrong in the form that callers are promised."""
    started = deployment.clock()
    facts: Facts = {"operation": operation, "key_arn": deployment.key_arn, "outcome": "success"}
    answer: dict[str, Any] = {}
    failure: Exception | None = None
    try:
        answer = work(event, deployment, facts)
    except EnvelopeError as error:
        facts["outcome"], facts["error"] = type(error).__name__, str(error)
        failure = type(error)(_failure_text(_REMEDIES[type(error)], str(error)))
    except Exception as error:  # noqa: BLE001  # raised again below, without its text: a library may quote its input
        facts["outcome"], facts["error"] = type(error).__name__, _place_of(error)
        failure = RuntimeError(_failure_text(_UNEXPECTED, f"unexpected {type(error).__name__}"))
    facts["duration_ms"] = round((deployment.clock() - started) * 1000, 3)
    _logger.log(
        logging.INFO if failure is None else logging.WARNING, "%s: %s", operation, facts["outcome"], extra=facts
    )
    if failure is not None:
        # Raised out here, where nothing is being handled: with nothing chained behind it, no traceback shows more.
        raise failure
    return answer


def _read(
    event: object, field: str, most: int, deployment: Deployment, facts: Facts
) -> tuple[bytes, EncryptionContext]:
    fields = {field, "encryption_context"}
    if not isinstance(event, dict):
        raise InvalidRequest(f"request must be an object, got {type(event).__name__}")
    if event.keys() != fields:
        # Unknown names are counted and not repeated: somebody may have put the plaintext there, and this is logged.
        missing, unknown = sorted(fields - event.keys()), len(event.keys() - fields)
        raise InvalidRequest(
            f"request must have the fields {sorted(fields)} and no other, got no {missing} and {unknown} others"
        )
    context = _context_of(event["encryption_context"], deployment)
    facts["context_keys"] = list(context.keys)
    data = from_base64(event[field], field=field, most=most)
    facts[f"{field}_bytes"] = len(data)
    return data, context


def _context_of(values: object, deployment: Deployment) -> EncryptionContext:
    if not isinstance(values, dict):
        raise InvalidRequest(f"encryption_context must be an object, got {type(values).__name__}")
    for key, value in values.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            raise InvalidRequest(f"encryption_context[{quoted(key)}] must be a string, got {type(value).__name__}")
    # A required key with an empty value would bind a message to nothing.
    missing = sorted(key for key in deployment.required_context if not values.get(key))
    if missing:
        raise InvalidRequest(f"encryption_context must say {sorted(deployment.required_context)}, got no {missing}")
    return EncryptionContext.of(values)


def _failure_text(remedy: tuple[int, bool], text: str) -> str:
    status, retry = remedy
    return json.dumps({"status": status, "retry": retry, "error": text})


def _place_of(error: Exception) -> str:
    """Say where an unexpected exception came from, without a word of what it says."""
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    return f"{Path(frame.f_code.co_filename).name}:{line}"


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Before the first request, while Lambda gives the function a full processor, and so that a wrong environment
    # fails the deployment's first start and not a caller.
    deployed()
