import pytest

from local_aws.demo.narration import Narration


def test_one_claim_that_fails_fails_the_demonstration(capsys: pytest.CaptureFixture[str]) -> None:
    narration = Narration()

    narration.check("water is wet", "wet", "wet")
    narration.check("pigs fly", "no", "yes", "they do not")

    assert narration.conclusion() == 1
    shown = capsys.readouterr().out
    assert "FAILED pigs fly they do not" in shown
    assert "1 of 2 claims held" in shown


def test_it_succeeds_only_if_every_claim_held() -> None:
    narration = Narration()

    narration.check("water is wet", "wet", "wet")

    assert narration.conclusion() == 0


def test_what_looks_like_markup_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Narration().check("shown", 1, 1, "[bold]as it is")

    assert "[bold]as it is" in capsys.readouterr().out
