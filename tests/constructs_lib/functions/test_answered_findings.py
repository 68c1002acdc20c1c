"""The reasons for which findings do not apply to any bundled function."""

from constructs_lib.functions import answered_findings


def test_every_reason_is_one() -> None:
    reasons = [value for name, value in vars(answered_findings).items() if name.isupper()]

    assert {len(reason) > 100 for reason in reasons} == {True}
