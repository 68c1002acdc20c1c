"""What the construct of the rotation function and its handler must agree on, though neither imports the other."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.bundling.lambda_bundle import function_source
from constructs_lib.key_settings import Lifecycle
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.rotation_function import AlternatingUsers, RotationFunction
from constructs_lib.secrets.drawn_characters import Characters
from constructs_lib.secrets.generated import Generated
from constructs_lib.secrets.rotation import ByFunction
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.secrets.secret_content import Content
from constructs_lib.secrets.service_step import PACKAGE, ServiceStep
from constructs_lib.secrets.supplied import Supplied
from secret_rotation import handler
from secret_rotation.environment import LETTERS_AND_DIGITS, VARIABLES, WITH_PUNCTUATION, Settings
from tests.conftest import configured_app
from tests.support.fake_secrets_manager import SECRET_ARN, SUPERUSER_ARN, token_of
from tests.support.function_roles import actions_by_resource, statements_by_handler, variables_by_handler
from tests.support.rotation_world import STEPS, Kind, World
from tests.support.synthesised import Json

CONTENT: dict[Kind, Content] = {
    Kind.GENERIC: Generated.text(length=24),
    Kind.SINGLE: Generated.json(
        fields={"username": "shop", "host": "db"},
        generated_field="password",
        characters=Characters.WITH_PUNCTUATION,
        without="\"'/@",
    ),
    Kind.ISSUED: Supplied.text(),
    Kind.ALTERNATING: Generated.json(fields={"username": "shop", "host": "db"}, generated_field="password"),
}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[Kind, Json]:
    """Define a rotated secret of each kind in a stack of its own."""
    folder = tmp_path_factory.mktemp("step")
    (folder / "warehouse_api.py").write_text("class Warehouse: ...\n")
    step = ServiceStep(folder=folder, entry="warehouse_api:Warehouse")
    app = configured_app(tmp_path_factory.mktemp("cdk.out"))
    for kind, content in CONTENT.items():
        stack = cdk.Stack(app, kind.name, env=cdk.Environment(account="111122223333", region="eu-central-1"))
        superuser = secretsmanager.Secret.from_secret_complete_arn(stack, "Super", SUPERUSER_ARN)
        rotation = RotationFunction(
            stack,
            "Rotation",
            content=content,
            operations_key=kms.Key(stack, "LogKey"),
            step=None if kind is Kind.GENERIC else step,
            alternating=AlternatingUsers(superuser=superuser) if kind is Kind.ALTERNATING else None,
        )
        ManagedSecret(
            stack,
            "Secret",
            encryption_key=kms.Key(stack, "Key"),
            content=content,
            lifecycle=Lifecycle.EPHEMERAL,
            rotation=ByFunction(function=rotation.function, schedule=RotationSchedule.every(cdk.Duration.days(30))),
        )
    directory = Path(app.synth().directory)
    return {kind: json.loads((directory / f"{kind.name}.template.json").read_text()) for kind in CONTENT}


def called(kind: Kind) -> dict[str, set[str]]:
    """Rotate twice, the second time with every step repeated, and return the operations by secret."""
    world = World(kind)
    world.rotate(token_of(1))
    begun = world.aws.rotate_secret(SECRET_ARN, token_of(2))
    for step in STEPS:
        for _ in range(2):
            world.invoke(step, begun)
    found: dict[str, set[str]] = {}
    for operation, request in zip(world.aws.calls, world.aws.requests, strict=True):
        found.setdefault(request.get("SecretId", "*"), set()).add(f"secretsmanager:{operation}")
    return found


@pytest.mark.parametrize("kind", CONTENT)
def test_the_role_may_call_what_the_handler_calls(kind: Kind, templates: dict[Kind, Json]) -> None:
    (statements,) = statements_by_handler(templates[kind]).values()
    allowed = actions_by_resource([each for each in statements if "kms:" not in json.dumps(each["Action"])])
    (secret,) = (name for name in allowed if name not in {"*", SUPERUSER_ARN})
    calls = called(kind)

    assert allowed[secret] == calls[SECRET_ARN]
    assert allowed.get("*", set()) == calls.get("*", set())
    # The grants of the CDK describe every secret that they read.
    assert allowed.get(SUPERUSER_ARN, set()) - calls.get(SUPERUSER_ARN, set()) <= {"secretsmanager:DescribeSecret"}
    assert calls.get(SUPERUSER_ARN, set()) <= allowed.get(SUPERUSER_ARN, set())


def test_the_handler_reads_every_variable_that_it_gets_and_gets_every_one_that_it_reads(
    templates: dict[Kind, Json],
) -> None:
    told = {
        name for template in templates.values() for name in variables_by_handler(template)[f"{PACKAGE}.handler.rotate"]
    }

    assert told == set(VARIABLES)


@pytest.mark.parametrize("kind", CONTENT)
def test_the_handler_understands_what_it_is_told(kind: Kind, templates: dict[Kind, Json]) -> None:
    (variables,) = variables_by_handler(templates[kind]).values()
    content = CONTENT[kind]

    settings = Settings.of(variables)

    assert settings.service_step == (None if kind is Kind.GENERIC else "warehouse_api:Warehouse")
    assert settings.superuser_secret_arn == (SUPERUSER_ARN if kind is Kind.ALTERNATING else None)
    if isinstance(content, Generated):
        drawn = settings.generator
        assert (drawn.length, drawn.characters, drawn.without) == (
            content.length,
            content.characters.value,
            content.without,
        )
        assert settings.generated_field == content.generated_field


def test_both_have_the_same_words_for_characters() -> None:
    assert {each.value for each in Characters} == {LETTERS_AND_DIGITS, WITH_PUNCTUATION}


def test_the_handler_is_where_the_function_looks_for_it(templates: dict[Kind, Json]) -> None:
    (path,) = {name for template in templates.values() for name in variables_by_handler(template)}
    module, _, name = path.rpartition(".")

    assert (module, callable(getattr(handler, name))) == (handler.__name__, True)
    assert (function_source(PACKAGE) / "handler.py").is_file()
