import pytest

from envelope.errors import MalformedMessage
from envelope.suites import COMMITTING, suite_with_id


def test_finds_the_committing_suite() -> None:
    assert suite_with_id(0x0478) == COMMITTING


def test_refuses_the_signed_suite_and_says_why() -> None:
    with pytest.raises(MalformedMessage, match=r"must be 0478, got 0578: signed messages are not supported"):
        suite_with_id(0x0578)


@pytest.mark.parametrize("suite_id", [0x0000, 0x0014, 0x0178, 0x0378, 0x0479, 0xFFFF])
def test_refuses_every_other_suite(suite_id: int) -> None:
    with pytest.raises(MalformedMessage, match=f"got {suite_id:04x}$"):
        suite_with_id(suite_id)
