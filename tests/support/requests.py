"""Requests and deployments for the handlers, over fake clients."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from envelope.errors import EnvelopeError
from envelope.handler import Deployment, decrypt, encrypt
from tests.support.fake_clients import FakeClients
from tests.support.fake_kms import KEY_ARN, FakeKms

CONTEXT = {"purpose": "test", "tenant": "42"}
VARIABLES = {"ENVELOPE_KEY_ARN": KEY_ARN, "REQUIRED_CONTEXT_KEYS": '["purpose"]'}
Handler = Callable[..., dict[str, Any]]
HANDLERS: dict[str, Handler] = {"encrypt": encrypt, "decrypt": decrypt}


def to_base64(data: bytes | bytearray) -> str:
    """Encode."""
    return base64.b64encode(data).decode()


def deployment_over(
    kms: FakeKms, *, clock: Callable[[], float] = lambda: 0.0, further: dict[str, str] | None = None, **clients: Any
) -> Deployment:
    """A deployment that demands a purpose; `further` variables of its environment, `clients` beside KMS."""
    return Deployment.from_environment(
        {**VARIABLES, **(further or {})}, clients=FakeClients(kms, **clients), clock=clock
    )


def encrypted(plaintext: bytes, *, kms: FakeKms, context: dict[str, str] | None = None) -> str:
    """Let the encrypting handler make a message."""
    event = {"plaintext": to_base64(plaintext), "encryption_context": CONTEXT if context is None else context}
    answer: str = encrypt(event, None, deployment=deployment_over(kms))["message"]
    return answer


def failure_of(handler: Handler, event: object, *, kms: FakeKms, **options: Any) -> tuple[str, dict[str, Any]]:
    """The name and the text of what a handler raises, as Lambda reports them."""
    with pytest.raises((EnvelopeError, RuntimeError)) as caught:
        handler(event, None, deployment=deployment_over(kms, **options))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return type(caught.value).__name__, json.loads(str(caught.value))


class LambdaContext:
    """What Lambda gives a handler beside the event: here its time, which shrinks with each look at it."""

    def __init__(self, *milliseconds: int) -> None:
        """Take what is left at each look; the last one stays."""
        self._left = list(milliseconds)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda stops the function."""
        return self._left.pop(0) if len(self._left) > 1 else self._left[0]
