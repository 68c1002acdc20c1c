from kms_envelope.content import Content


def test_plaintext_is_for_its_owner_and_a_message_is_no_text() -> None:
    assert {each: (oct(each.file_mode), each.suits_terminal) for each in Content} == {
        Content.MESSAGE: ("0o666", False),
        Content.PLAINTEXT: ("0o600", True),
    }
