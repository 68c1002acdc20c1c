"""New values."""

import pytest

from secret_rotation.errors import SecretUnusable
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.new_value import new_value
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions
from tests.support.fake_secrets_manager import SECRET_ARN, SUPERUSER_ARN, FakeSecretsManager, secret_with, token_of
from tests.support.fake_service import FakeService, IssuingStep, PasswordStep
from tests.support.rotation_world import DRAWN

AWS = FakeSecretsManager({SECRET_ARN: secret_with("x")})
VERSIONS = SecretVersions(AWS, SECRET_ARN)
OBJECT = SecretValue('{"username": "shop", "host": "db", "password": "first"}')


def made(plan: RotationPlan, current: SecretValue | None) -> SecretValue:
    return new_value(VERSIONS, plan=plan, current=current, token=token_of(1))


def test_one_field_is_drawn_and_the_others_are_kept() -> None:
    value = made(RotationPlan(DRAWN, "password"), OBJECT)

    assert value.fields == {"username": "shop", "host": "db", "password": AWS.drawn[-1]}


def test_with_two_users_it_is_the_other_one() -> None:
    step = GuardedStep(PasswordStep(FakeService()))
    plan = RotationPlan(DRAWN, "password", step, SecretVersions(AWS, SUPERUSER_ARN))

    value = made(plan, OBJECT)

    assert value.fields == {"username": "shop_clone", "host": "db", "password": AWS.drawn[-1]}


def test_a_service_that_issues_values_is_asked_by_the_name_of_the_rotation() -> None:
    plan = RotationPlan(DRAWN, step=GuardedStep(IssuingStep(FakeService())))

    assert made(plan, None) == made(plan, SecretValue("first")) == SecretValue(f"issued-key-of-{token_of(1)}")


@pytest.mark.parametrize(
    ("field", "current", "said"),
    [
        (None, OBJECT, "secret must be a text where GENERATED_FIELD is not set, got a JSON object"),
        ("password", SecretValue("text"), "secret must be a JSON object, got something else"),
        ("pasword", OBJECT, "secret must have the field pasword, got no such field"),
        ("password", None, "must have a current value with the fields beside password, got none: put one first"),
    ],
    ids=["object", "text", "field", "nothing"],
)
def test_refuses_what_would_change_the_form_of_the_secret(
    field: str | None, current: SecretValue | None, said: str
) -> None:
    drawn = len(AWS.drawn)

    with pytest.raises(SecretUnusable, match=said):
        made(RotationPlan(DRAWN, field), current)

    assert len(AWS.drawn) == drawn
