from constructs_lib.watching.key_event import KeyEvent


def test_what_is_routine_is_told_only_to_who_asks_for_it() -> None:
    assert set(KeyEvent) - KeyEvent.usual() == {KeyEvent.ROTATED, KeyEvent.SERVICE_GRANTS_CHANGED}


def test_each_event_has_words_of_its_own() -> None:
    assert len({event.value for event in KeyEvent}) == len(KeyEvent)
    assert all(event.value == event.name.lower().replace("_", " ") for event in KeyEvent)
