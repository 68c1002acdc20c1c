import pytest

from envelope.objects.source_binding import SourceBinding


@pytest.mark.parametrize("word", ["", "none", "OBJECT_ID", None, True, [], {}])
def test_refuses_any_other_word(word: object) -> None:
    with pytest.raises(ValueError, match="is not a valid SourceBinding"):
        SourceBinding(word)
