"""The kinds of failures, told apart by their class alone."""

import pytest

from secret_rotation import errors

KINDS = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, errors.RotationError) and each is not errors.RotationError
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_says_what_to_do_and_shows_its_text(kind: type[errors.RotationError]) -> None:
    assert ": " in (kind.__doc__ or "")
    assert str(kind("secret must be a text, got bytes")) == "secret must be a text, got bytes"


def test_no_kind_is_another_one() -> None:
    assert len(KINDS) == 7
    assert all(kind.__bases__ == (errors.RotationError,) for kind in KINDS)
