"""Plans."""

import pytest

from secret_rotation.errors import SecretUnusable
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions
from tests.support.fake_secrets_manager import SUPERUSER_ARN, FakeSecretsManager, secret_with
from tests.support.fake_service import SUPERUSER, FakeService, IssuingStep, PasswordStep
from tests.support.rotation_world import DRAWN


def superuser(value: str | None) -> SecretVersions:
    return SecretVersions(FakeSecretsManager({SUPERUSER_ARN: secret_with(value)}), SUPERUSER_ARN)


def test_the_superuser_is_read_where_there_is_one() -> None:
    step = GuardedStep(PasswordStep(FakeService()))

    assert RotationPlan(DRAWN, "password", step, superuser(SUPERUSER)).superuser_value() == SecretValue(SUPERUSER)
    assert RotationPlan(DRAWN, "password", step).superuser_value() is None


def test_refuses_a_superuser_without_a_value() -> None:
    plan = RotationPlan(DRAWN, "password", GuardedStep(PasswordStep(FakeService())), superuser(None))

    with pytest.raises(SecretUnusable, match="secret of the superuser must have a current value, got none"):
        plan.superuser_value()


def test_refuses_alternating_users_whose_values_are_issued() -> None:
    with pytest.raises(ValueError, match=r"^propose and retire must not be there with alternating users"):
        RotationPlan(DRAWN, "password", GuardedStep(IssuingStep(FakeService())), superuser(SUPERUSER))
