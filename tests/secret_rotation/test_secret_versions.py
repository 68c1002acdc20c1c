"""What is asked of Secrets Manager."""

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from secret_rotation.environment import WITH_PUNCTUATION, Generator
from secret_rotation.errors import SecretUnusable
from secret_rotation.labels import CURRENT
from secret_rotation.secret_versions import SecretVersions
from tests.support.fake_secrets_manager import FIRST_VERSION, SECRET_ARN, FakeSecretsManager, secret_with, token_of
from tests.support.rotation_world import DRAWN, Kind, World

_MODEL = botocore.session.get_session().get_service_model("secretsmanager")


@pytest.fixture
def aws() -> FakeSecretsManager:
    return FakeSecretsManager({SECRET_ARN: secret_with("first-value")})


@pytest.mark.parametrize("kind", Kind)
def test_every_request_is_one_that_secrets_manager_takes(kind: Kind) -> None:
    world = World(kind)
    for number in range(1, 3):
        world.rotate(token_of(number))

    for operation, request in zip(world.aws.calls, world.aws.requests, strict=True):
        shape: Any = _MODEL.operation_model(operation).input_shape
        assert not ParamValidator().validate(request, shape).has_errors(), (operation, request.keys())
    assert {"DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"} <= set(world.aws.calls)


def test_a_password_is_drawn_of_what_is_allowed(aws: FakeSecretsManager) -> None:
    versions = SecretVersions(aws, SECRET_ARN)

    versions.draw(DRAWN)
    versions.draw(Generator(16, WITH_PUNCTUATION, "/@"))

    always = {"IncludeSpace": False, "RequireEachIncludedType": True}
    assert aws.requests == [
        {"PasswordLength": 24, "ExcludePunctuation": True, **always},
        {"PasswordLength": 16, "ExcludePunctuation": False, "ExcludeCharacters": "/@", **always},
    ]


def test_a_value_that_is_there_stays(aws: FakeSecretsManager) -> None:
    versions = SecretVersions(aws, SECRET_ARN)
    aws.rotate_secret(SECRET_ARN, token_of(1))
    assert versions.value_of(token_of(1)) is None
    for _ in range(2):
        versions.put_pending(token_of(1), versions.draw(DRAWN), rotation_token=None)

    found = versions.value_of(token_of(1))

    assert found is not None
    assert found.text == aws.drawn[0]


def test_a_label_moves_from_where_it_was_seen_only(aws: FakeSecretsManager) -> None:
    versions = SecretVersions(aws, SECRET_ARN)
    aws.rotate_secret(SECRET_ARN, token_of(1))

    assert not versions.move_label(CURRENT, to=token_of(1), taken_from="another")
    assert not versions.move_label(CURRENT, to=token_of(1), taken_from=None)
    assert versions.labels().current == FIRST_VERSION
    assert versions.move_label(CURRENT, to=token_of(1), taken_from=FIRST_VERSION)
    assert versions.labels().current == token_of(1)


def test_refuses_bytes() -> None:
    versions = SecretVersions(FakeSecretsManager({SECRET_ARN: secret_with(b"bytes")}), SECRET_ARN)

    with pytest.raises(SecretUnusable, match=r"^secret must hold a text, got bytes \(SecretBinary\)$"):
        versions.current_value()


def test_refuses_a_secret_that_is_not_there() -> None:
    versions = SecretVersions(FakeSecretsManager({}), SECRET_ARN)

    with pytest.raises(SecretUnusable, match="must allow DescribeSecret, got ResourceNotFoundException"):
        versions.labels()
