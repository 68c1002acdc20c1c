"""What the page about secret rotation says is what the code does; its step rotates a secret."""

import re
from pathlib import Path

import pytest

from secret_rotation import errors
from secret_rotation.environment import VARIABLES
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.handler import Deployment, rotate
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.service_step import IssuesValues, RetiresValues, ServiceStep
from tests.support.fake_secrets_manager import SECRET_ARN, FakeSecretsManager, secret_with, token_of
from tests.support.rotation_world import DRAWN, STEPS

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "secret-rotation.md").read_text()
_CLIENT = """
from contextlib import contextmanager

USERS = {"shop": "first"}

class Refused(Exception): ...

class Session:
    def set_password(self, username, password):
        USERS[username] = password

@contextmanager
def connect(username, password):
    if USERS.get(username) != password:
        raise Refused
    yield Session()
"""


def test_the_step_of_the_page_rotates_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    (tmp_path / "warehouse_client.py").write_text(_CLIENT)
    (tmp_path / "warehouse_of_the_page.py").write_text(block)
    monkeypatch.syspath_prepend(tmp_path)
    aws = FakeSecretsManager({SECRET_ARN: secret_with('{"username": "shop", "password": "first"}')})
    deployment = Deployment(RotationPlan(DRAWN, "password", GuardedStep.named("warehouse_of_the_page:Warehouse")), aws)

    for number in (1, 2):
        token = aws.rotate_secret(SECRET_ARN, token_of(number))
        for step in STEPS:
            for _ in range(2):
                event = {"Step": step, "SecretId": SECRET_ARN, "ClientRequestToken": token}
                rotate(event, None, deployment=deployment)

    current = aws.secrets[SECRET_ARN].value_at("AWSCURRENT")
    assert current == f'{{"username": "shop", "password": "{aws.drawn[1]}"}}'


def test_every_error_variable_and_method_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+)", _PAGE, re.MULTILINE)
    kinds = [each.__name__ for each in errors.RotationError.__subclasses__()]
    methods = [
        name
        for interface in (ServiceStep, IssuesValues, RetiresValues)
        for name in vars(interface)
        if not name.startswith("_")
    ]

    assert rows == [*methods, *kinds, *VARIABLES]


def test_the_steps_are_in_the_order_of_the_page() -> None:
    assert re.findall(r"S->>F: (\w+)", _PAGE) == list(STEPS)
