import ast
from pathlib import Path

import envelope
from envelope import errors
from envelope.errors import EnvelopeError, NotAuthentic

SOURCE = Path(envelope.__file__).parent


def test_there_is_one_class_for_each_remedy() -> None:
    assert {leaf.__name__ for leaf in EnvelopeError.__subclasses__()} == {
        "InvalidRequest",
        "KeyAccessDenied",
        "KeyUnavailable",
        "LimitExceeded",
        "MalformedMessage",
        "NotAuthentic",
        "NotReached",
        "StorageAccessDenied",
        "StorageUnavailable",
    }
    assert not any(leaf.__subclasses__() for leaf in EnvelopeError.__subclasses__())


def test_a_refused_message_has_one_text() -> None:
    assert str(NotAuthentic()) == "message must be authentic under this key and encryption context"


def test_nobody_gives_a_refused_message_a_text_of_its_own() -> None:
    calls = [
        node
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == NotAuthentic.__name__
    ]

    assert calls
    assert not [call for call in calls if call.args or call.keywords]


def test_every_public_class_is_an_envelope_error() -> None:
    classes = [value for name, value in vars(errors).items() if isinstance(value, type) and not name.startswith("_")]

    assert all(issubclass(cls, EnvelopeError) for cls in classes)
