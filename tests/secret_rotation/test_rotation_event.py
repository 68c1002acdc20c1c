"""Events, as Secrets Manager sends them and as it does not."""

from typing import Any

import pytest

from secret_rotation.errors import InvalidEvent
from secret_rotation.rotation_event import RotationEvent, Step
from tests.support.fake_secrets_manager import SECRET_ARN, token_of

GOOD: dict[str, Any] = {"Step": "setSecret", "SecretId": SECRET_ARN, "ClientRequestToken": token_of(1)}


def test_an_event_is_understood() -> None:
    event = RotationEvent.of({**GOOD, "RotationToken": "r" * 36, "Added": "later"})

    assert (event.step, event.secret_arn, event.token) == (Step.SET, SECRET_ARN, token_of(1))
    assert event.rotation_token == "r" * 36
    assert event.region == "eu-central-1"
    assert "rrrr" not in repr(event)


def test_a_rotation_token_may_be_missing() -> None:
    assert RotationEvent.of(GOOD).rotation_token is None
    assert RotationEvent.of({**GOOD, "RotationToken": None}).rotation_token is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Step": "deleteSecret"}, r"^Step must be one of \['createSecret', .*\], got 'deleteSecret'$"),
        ({"Step": None}, "^Step must be a text, got NoneType$"),
        ({"SecretId": "shop/token"}, "^SecretId must be the whole ARN of a secret, got 'shop/token'$"),
        ({"SecretId": SECRET_ARN + "\n"}, "^SecretId must be the whole ARN of a secret"),
        ({"SecretId": ["x"]}, "^SecretId must be a text, got list$"),
        ({"ClientRequestToken": "short"}, "^ClientRequestToken must be 32 to 64 printable characters, got 'short'$"),
        ({"ClientRequestToken": "x" * 65}, r"^ClientRequestToken must be .*, got 'x{64}'\.\.\.$"),
        ({"RotationToken": "wrong one"}, "^RotationToken must be 36 to 256 .*, got 9 characters$"),
    ],
    ids=["step", "no step", "name", "line end", "list", "short token", "long token", "rotation token"],
)
def test_refuses_what_is_no_event(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidEvent, match=said):
        RotationEvent.of({**GOOD, **changes})


def test_refuses_what_is_no_object() -> None:
    with pytest.raises(InvalidEvent, match=r"^event must be an object, got list$"):
        RotationEvent.of([GOOD])
