"""The variables of the function."""

import pytest

from secret_rotation.environment import VARIABLES, Generator, Settings
from tests.support.fake_secrets_manager import SUPERUSER_ARN

ALL = {
    "PASSWORD_LENGTH": "32",
    "CHARACTERS": "WITH_PUNCTUATION",
    "EXCLUDE_CHARACTERS": "/@",
    "GENERATED_FIELD": "password",
    "SERVICE_STEP": "warehouse_api:Warehouse",
    "SUPERUSER_SECRET_ARN": SUPERUSER_ARN,
}


def test_every_variable_is_read() -> None:
    assert set(ALL) == set(VARIABLES)
    assert Settings.of(ALL) == Settings(
        Generator(32, "WITH_PUNCTUATION", "/@"), "password", "warehouse_api:Warehouse", SUPERUSER_ARN
    )


def test_nothing_said_is_a_text_that_nobody_else_knows() -> None:
    assert Settings.of({}) == Settings(Generator(48, "LETTERS_AND_DIGITS", ""), None, None, None)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PASSWORD_LENGTH", "0", "1 to 4096"),
        ("PASSWORD_LENGTH", "4097", "1 to 4096"),
        ("PASSWORD_LENGTH", "-1", "1 to 4096"),
        ("PASSWORD_LENGTH", "", "1 to 4096"),
        ("PASSWORD_LENGTH", "²", "1 to 4096"),
        ("CHARACTERS", "DIGITS", "LETTERS_AND_DIGITS or WITH_PUNCTUATION"),
        ("GENERATED_FIELD", "", "the name of a field"),
        ("SERVICE_STEP", "warehouse_api", "module:Class"),
        ("SERVICE_STEP", "warehouse_api:Warehouse()", "module:Class"),
        ("SUPERUSER_SECRET_ARN", "shop/superuser", "the ARN of a secret"),
    ],
)
def test_refuses_what_a_variable_may_not_say(name: str, value: str, allowed: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be {allowed}, got '{value}'$".replace("()", r"\(\)")):
        Settings.of({**ALL, name: value})


@pytest.mark.parametrize("name", ["SERVICE_STEP", "GENERATED_FIELD"])
def test_refuses_alternating_users_without_a_step_or_a_field(name: str) -> None:
    with pytest.raises(ValueError, match="SERVICE_STEP and GENERATED_FIELD must be given for alternating users"):
        Settings.of({other: value for other, value in ALL.items() if other != name})
