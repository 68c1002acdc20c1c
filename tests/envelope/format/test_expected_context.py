import pytest

from envelope.errors import NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast

EXPECTED = AtLeast(EncryptionContext.of({"tenant": "42"}))


@pytest.mark.parametrize("found", [{"tenant": "42"}, {"tenant": "42", "stage": "prod"}])
def test_is_content_with_more_than_it_names(found: dict[str, str]) -> None:
    assert EXPECTED.expected_for(EncryptionContext.of(found)).to_dict() == found


def test_demands_of_key_and_header_tag_what_the_header_does_not_say() -> None:
    found = EncryptionContext.of({"stage": "prod"})

    assert EXPECTED.expected_for(found).besides(found) == EXPECTED.context


def test_refuses_another_value() -> None:
    with pytest.raises(NotAuthentic):
        EXPECTED.expected_for(EncryptionContext.of({"tenant": "43"}))
