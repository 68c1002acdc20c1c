from constructs_lib.watching.certificate_remedies import REMEDIES, WHO_RENEWS
from constructs_lib.wiring.certificate_facts import Renewal


def test_each_way_to_renew_has_its_words_and_its_steps() -> None:
    assert set(WHO_RENEWS) == set(REMEDIES) == {*Renewal, None}
    assert len(set(REMEDIES.values())) == len(REMEDIES)


def test_no_step_would_end_the_text_of_a_message() -> None:
    assert not [step for steps in REMEDIES.values() for step in steps if '"' in step]
