"""Signatures are not lost by accident."""

import pytest

from envelope.errors import InvalidRequest
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES
from envelope.objects.signature_choice import SignatureChoice


@pytest.mark.parametrize("word", ["", "drop", "KEEP", None, True, [], {}])
def test_refuses_any_other_word(word: object) -> None:
    with pytest.raises(ValueError, match="is not a valid SignatureChoice"):
        SignatureChoice(word)


def test_refuses_a_signed_message_that_becomes_one_without_signature() -> None:
    text = (
        r"^signature must be 'unsafe-drop' where a signed message \(0578\) becomes one without signature \(0478\), "
        r"got 'keep'$"
    )
    with pytest.raises(InvalidRequest, match=text):
        SignatureChoice.KEEP.demand(COMMITTING_SIGNED, COMMITTING)


def test_every_signed_suite_keeps_its_signature_and_only_those_have_one() -> None:
    refused = set()
    for suite in SUITES.values():
        SignatureChoice.KEEP.demand(suite, COMMITTING_SIGNED)
        SignatureChoice.UNSAFE_DROP.demand(suite, COMMITTING)
        try:
            SignatureChoice.KEEP.demand(suite, COMMITTING)
        except InvalidRequest:
            refused.add(suite.name)
    assert refused == {"0578", "0378", "0346", "0214"}
