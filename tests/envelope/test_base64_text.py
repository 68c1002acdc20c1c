import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.base64_text import from_base64, to_base64
from envelope.errors import InvalidRequest, LimitExceeded


@given(st.binary(max_size=300))
def test_text_is_that_of_the_standard_and_comes_back(data: bytes) -> None:
    assert to_base64(data) == base64.b64encode(data).decode()
    assert from_base64(to_base64(data), field="plaintext", most=300) == data


@pytest.mark.parametrize(
    "text", ["dGV4dA", "dGV4dA=", "dGV4\ndA==", " dGV4dA==", "dGV4dB==", "dGV4dA==dGV4", "-_8=", "\u00e9"]
)
def test_refuses_any_other_spelling(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^plaintext must be canonical base64, got something else$"):
        from_base64(text, field="plaintext", most=100)


@pytest.mark.parametrize("text", [None, 7, b"dGV4dA==", ["dGV4dA=="]])
def test_refuses_what_is_no_text(text: object) -> None:
    with pytest.raises(InvalidRequest, match=r"^message must be a base64 string, got "):
        from_base64(text, field="message", most=100)


def test_refuses_more_than_the_limit_before_it_decodes() -> None:
    with pytest.raises(LimitExceeded, match=r"^message must be at most 3 bytes, got 8 bytes of base64$"):
        from_base64("!!!!!!!!", field="message", most=3)
