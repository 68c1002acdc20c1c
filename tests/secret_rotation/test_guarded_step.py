"""Guarded steps: what they raise is told by its class alone."""

import asyncio
from pathlib import Path

import pytest

from secret_rotation.errors import StepFailed
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.secret_value import SecretValue
from tests.support.fake_service import FakeService, IssuingStep, PasswordStep

VALUE = SecretValue('{"username": "shop", "password": "known-value-0123456789"}')


class Exits(PasswordStep):
    """Ends the process."""

    username_length_max = 16

    def verify(self, value: SecretValue, /) -> None:
        """End it."""
        raise SystemExit(value.text)


class Interrupted(PasswordStep):
    """Is interrupted by what is no ordinary exception."""

    def __init__(self, kind: type[BaseException]) -> None:
        """Say by what."""
        super().__init__(FakeService())
        self._kind = kind

    def verify(self, value: SecretValue, /) -> None:
        """Raise it."""
        raise self._kind(value.text)


class Careless(IssuingStep):
    """Returns a text."""

    def propose(self, *, current: SecretValue | None, token: str) -> SecretValue:  # noqa: ARG002  # the interface
        """Return it."""
        careless: SecretValue = token  # type: ignore[assignment]  # what nobody checked
        return careless


@pytest.mark.parametrize("step", [PasswordStep, Exits], ids=lambda step: step.__name__)
def test_a_failure_is_told_without_its_text_and_with_nothing_chained(step: type[PasswordStep]) -> None:
    guarded = GuardedStep(step(FakeService(is_down=True)))

    with pytest.raises(StepFailed, match=r"^verify must return, got (ConnectionError|SystemExit)$") as failed:
        guarded.verify(VALUE)

    assert failed.value.__context__ is None
    assert failed.value.__cause__ is None
    assert not guarded.accepts(VALUE)


@pytest.mark.parametrize("kind", [asyncio.CancelledError, BaseException, GeneratorExit, KeyboardInterrupt])
def test_what_is_no_ordinary_exception_is_told_without_its_text_too(kind: type[BaseException]) -> None:
    guarded = GuardedStep(Interrupted(kind))

    with pytest.raises(StepFailed, match=r"^verify must return, got \w+$") as failed:
        guarded.verify(VALUE)

    assert failed.value.__context__ is None


def test_a_step_says_how_long_names_may_be() -> None:
    assert GuardedStep(PasswordStep(FakeService())).username_length_max == 63
    assert GuardedStep(Exits(FakeService())).username_length_max == 16


def test_refuses_a_proposal_that_would_show_itself() -> None:
    guarded = GuardedStep(Careless(FakeService()))

    with pytest.raises(StepFailed, match=r"^propose must return a SecretValue, got str$"):
        guarded.propose(current=None, token="token")


def test_a_step_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "named_step.py").write_text(
        "class Named:\n    def apply(self, **_): ...\n    def verify(self, _): ...\n\n"
        "class Half:\n    apply = Named.apply\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    GuardedStep.named("named_step:Named").verify(VALUE)

    with pytest.raises(
        ValueError, match=r"^named_step:Half must have the methods apply and verify, got no \['verify'\]$"
    ):
        GuardedStep.named("named_step:Half")
    with pytest.raises(ValueError, match=r"^SERVICE_STEP must name a class of its module, got 'named_step:None_'$"):
        GuardedStep.named("named_step:None_")
