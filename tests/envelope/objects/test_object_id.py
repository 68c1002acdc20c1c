"""The entry that binds a message to its object."""

import pytest

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.objects.object_id import OBJECT_ID, bound_to, without_object_id

CONTEXT = EncryptionContext.of({"tenant": "42"})
BOUND = EncryptionContext.of({"tenant": "42", "object-id": "order 1"})


def test_the_object_id_is_added() -> None:
    assert OBJECT_ID == "object-id"
    assert bound_to("order 1", CONTEXT) == BOUND
    assert bound_to("order 1", AtLeast(CONTEXT)) == AtLeast(BOUND)
    assert without_object_id(BOUND) == CONTEXT


def test_the_same_object_id_may_be_said_twice() -> None:
    assert bound_to("order 1", BOUND) == BOUND


@pytest.mark.parametrize("context", [BOUND, AtLeast(BOUND)])
def test_refuses_two_object_ids(context: EncryptionContext) -> None:
    with pytest.raises(
        InvalidRequest, match=r"encryption_context\['object-id'\] must be the object id, got another one$"
    ):
        bound_to("order 2", context)


@pytest.mark.parametrize("object_id", ["", "\ud800"])
def test_refuses_an_object_id_that_is_no_text(object_id: str) -> None:
    with pytest.raises(InvalidRequest):
        bound_to(object_id, CONTEXT)
