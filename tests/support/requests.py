"""Requests and deployments for the two handlers, over the fake KMS."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from envelope.errors import EnvelopeError
from envelope.handler import Deployment, decrypt, encrypt
from envelope.kms_keyring import KmsKeyring
from tests.support.fake_kms import KEY_ARN, FakeKms

CONTEXT = {"purpose": "test", "tenant": "42"}
Handler = Callable[..., dict[str, Any]]
HANDLERS: dict[str, Handler] = {"encrypt": encrypt, "decrypt": decrypt}


def to_base64(data: bytes | bytearray) -> str:
    """Encode."""
    return base64.b64encode(data).decode()


def deployment_over(kms: FakeKms, *, clock: Callable[[], float] = lambda: 0.0) -> Deployment:
    """A deployment that demands a purpose."""
    keyring = KmsKeyring(kms, key_arn=KEY_ARN)
    return Deployment(keyring=keyring, key_arn=KEY_ARN, required_context=frozenset({"purpose"}), clock=clock)


def encrypted(plaintext: bytes, *, kms: FakeKms, context: dict[str, str] | None = None) -> str:
    """Let the encrypting handler make a message."""
    event = {"plaintext": to_base64(plaintext), "encryption_context": CONTEXT if context is None else context}
    answer: str = encrypt(event, None, deployment=deployment_over(kms))["message"]
    return answer


def failure_of(handler: Handler, event: object, *, kms: FakeKms) -> tuple[str, dict[str, Any]]:
    """The name and the text of what a handler raises, as Lambda reports them."""
    with pytest.raises((EnvelopeError, RuntimeError)) as caught:
        handler(event, None, deployment=deployment_over(kms))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return type(caught.value).__name__, json.loads(str(caught.value))
