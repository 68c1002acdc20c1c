from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest

from constructs_lib.watching.notify import NewTopic, Notify, ToBus, ToChat, ToTopic

FIELDS = {
    NewTopic: {"encryption_key"},
    ToTopic: {"topic"},
    ToBus: {"bus"},
    ToChat: {"channel", "encryption_key"},
}


def test_these_can_be_told_and_nobody_else() -> None:
    assert set(get_args(Notify)) == set(FIELDS)


@pytest.mark.parametrize("kind", FIELDS)
def test_whom_to_tell_is_said_by_name_and_stays(kind: Any) -> None:
    told = kind(**dict.fromkeys(FIELDS[kind], "somebody"))

    with pytest.raises(FrozenInstanceError):
        setattr(told, next(iter(FIELDS[kind])), "somebody else")
    with pytest.raises(TypeError, match="positional"):
        kind("somebody")
