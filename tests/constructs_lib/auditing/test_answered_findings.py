"""The reasons for which findings do not apply."""

from constructs_lib.auditing import answered_findings


def test_every_reason_is_one() -> None:
    reasons = [value for name, value in vars(answered_findings).items() if name.isupper()]

    assert len(reasons) == 5
    assert {len(reason) > 100 for reason in reasons} == {True}
