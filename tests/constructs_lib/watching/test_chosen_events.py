from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.chosen_events import check_chosen
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.secret_event import SecretEvent


def test_members_of_the_kind_are_taken_in_whatever_collection() -> None:
    check_chosen([SecretEvent.GONE], of=SecretEvent, what="secrets")
    check_chosen(SecretEvent.usual(), of=SecretEvent, what="secrets")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ("GONE", "events must be a collection of SecretEvent, got 'GONE'"),
        (None, "events must be a collection of SecretEvent, got None"),
        ([KeyEvent.GONE], "events must be members of SecretEvent, got a KeyEvent"),
        ((), "events must say what is told of the secrets, got nothing"),
    ],
    ids=["a text", "nothing at all", "of another kind", "none"],
)
def test_refuses_what_are_no_events_of_the_kind(given: Any, refusal: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        check_chosen(given, of=SecretEvent, what="secrets")
    assert str(error.value) == refusal
