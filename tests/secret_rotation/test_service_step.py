"""What makes a class a step, and which calls it asks for."""

from secret_rotation.service_step import IssuesValues, RetiresValues, ServiceStep
from tests.support.fake_service import FakeService, IssuingStep, PasswordStep


def test_what_a_step_can_do_is_told_by_its_methods() -> None:
    plain: ServiceStep = PasswordStep(FakeService())
    issuing: ServiceStep = IssuingStep(FakeService())

    assert not isinstance(plain, IssuesValues | RetiresValues)
    assert isinstance(issuing, IssuesValues)
    assert isinstance(issuing, RetiresValues)
