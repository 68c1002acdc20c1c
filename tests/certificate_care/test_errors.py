"""The kinds of failures, told apart by their class alone."""

import pytest

from certificate_care import errors

KINDS = [
    each
    for each in vars(errors).values()
    if isinstance(each, type)
    and issubclass(each, errors.CertificateCareError)
    and each is not errors.CertificateCareError
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_says_what_to_do(kind: type[errors.CertificateCareError]) -> None:
    assert ": " in (kind.__doc__ or "")


@pytest.mark.parametrize(
    "kind", [each for each in KINDS if each is not errors.Unfinished], ids=lambda kind: kind.__name__
)
def test_each_kind_shows_its_text(kind: type[errors.CertificateCareError]) -> None:
    assert str(kind("secret must be a text, got bytes")) == "secret must be a text, got bytes"


def test_what_is_unfinished_says_what_was_made() -> None:
    unfinished = errors.Unfinished("certificate must be issued, got none", physical_id="arn")

    assert (str(unfinished), unfinished.physical_id) == ("certificate must be issued, got none", "arn")


def test_no_kind_is_another_one() -> None:
    assert len(KINDS) == 8
    assert all(kind.__bases__ == (errors.CertificateCareError,) for kind in KINDS)
