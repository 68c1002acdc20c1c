from constructs_lib.watching.secret_event import SecretEvent


def test_everything_is_usual_but_what_an_application_without_permission_repeats() -> None:
    assert set(SecretEvent) - SecretEvent.usual() == {SecretEvent.READING_REFUSED}


def test_no_two_events_are_called_alike() -> None:
    assert len({event.value for event in SecretEvent}) == len(SecretEvent)
