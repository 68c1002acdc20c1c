"""What the construct and the Lambda must agree on, though neither imports the other."""

import base64
import importlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.bundling.lambda_bundle import function_source
from constructs_lib.bundling.lambda_target import PYTHON_VERSIONS
from constructs_lib.envelope_encryption import EnvelopeEncryption
from envelope.handler import Deployment
from tests.support.fake_kms import KEY_ARN, FakeKms

CONTEXT = {"purpose": "orders", "tenant": "seven"}


class Recorded(Mapping[str, str]):
    """An environment that knows which of its variables were read."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = dict(variables)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


@pytest.fixture
def resources(make_app: Callable[..., cdk.App]) -> dict[str, Any]:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    EnvelopeEncryption(
        stack,
        "Envelope",
        encryption_key=kms.Key(stack, "Key"),
        operations_key=kms.Key(stack, "Operations"),
        required_context=sorted(CONTEXT),
    )
    template = json.loads(Path(app.synth().directory, "Orders.template.json").read_text())
    found: dict[str, Any] = template["Resources"]
    return found


@pytest.fixture
def functions(resources: dict[str, Any]) -> list[dict[str, Any]]:
    found = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::Lambda::Function"]
    assert len(found) == 2
    return found


def environment_of(function: dict[str, Any]) -> Recorded:
    variables = function["Environment"]["Variables"]
    # What CloudFormation would put in for the reference to the key.
    return Recorded({name: value if isinstance(value, str) else KEY_ARN for name, value in variables.items()})


def handler_of(function: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    module, _, name = function["Handler"].rpartition(".")
    found: Callable[..., dict[str, Any]] = getattr(importlib.import_module(module), name)
    return found


def kms_actions_of(function: dict[str, Any], resources: dict[str, Any]) -> set[str]:
    role = {"Ref": function["Role"]["Fn::GetAtt"][0]}
    statements = [
        statement
        for each in resources.values()
        if each["Type"] == "AWS::IAM::Policy" and each["Properties"]["Roles"] == [role]
        for statement in each["Properties"]["PolicyDocument"]["Statement"]
    ]
    actions = [statement["Action"] for statement in statements]
    exact = {name for action in actions for name in ([action] if isinstance(action, str) else action)}
    return {name for name in exact if name.startswith("kms:")}


def test_the_handlers_read_the_variables_that_the_construct_sets(functions: list[dict[str, Any]]) -> None:
    for function in functions:
        environment = environment_of(function)

        deployment = Deployment.from_environment(environment, client=FakeKms())

        assert environment.read == set(environment)
        assert deployment.key_arn == KEY_ARN
        assert deployment.required_context == CONTEXT.keys()


def test_the_handlers_of_the_template_work_with_each_other(functions: list[dict[str, Any]]) -> None:
    by_name = {function["Handler"].rpartition(".")[2]: function for function in functions}
    kms_of_both = FakeKms()
    plaintext = base64.b64encode(b"plaintext").decode()

    def invoke(name: str, request: dict[str, Any]) -> dict[str, Any]:
        deployment = Deployment.from_environment(environment_of(by_name[name]), client=kms_of_both)
        return handler_of(by_name[name])(request, None, deployment=deployment)

    message = invoke("encrypt", {"plaintext": plaintext, "encryption_context": CONTEXT})["message"]

    answer = invoke("decrypt", {"message": message, "encryption_context": CONTEXT})
    assert answer["plaintext"] == plaintext


def test_the_operations_that_the_handlers_call_are_the_actions_that_are_granted(
    functions: list[dict[str, Any]], resources: dict[str, Any]
) -> None:
    request: dict[str, Any] = {"plaintext": base64.b64encode(b"plaintext").decode(), "encryption_context": CONTEXT}
    for function in sorted(functions, key=lambda each: str(each["Handler"]), reverse=True):  # encrypt, then decrypt
        client = FakeKms()
        deployment = Deployment.from_environment(environment_of(function), client=client)

        answer = handler_of(function)(request, None, deployment=deployment)

        assert {f"kms:{call.operation}" for call in client.calls} == kms_actions_of(function, resources)
        assert {call.key_id for call in client.calls} == {KEY_ARN}
        request = {**answer, "encryption_context": CONTEXT}


def test_the_handlers_are_in_the_asset(functions: list[dict[str, Any]]) -> None:
    for function in functions:
        package, module, _ = function["Handler"].split(".")

        assert (function_source(package) / f"{module}.py").is_file()


def test_the_lock_is_for_every_runtime_that_the_construct_takes() -> None:
    command = (function_source("envelope") / "requirements.txt").read_text().splitlines()[1]

    assert "--universal" in command
    locked_from = re.search(r"--python-version (\S+)", command)
    assert locked_from is not None
    assert locked_from[1] == PYTHON_VERSIONS[0]


def test_every_requirement_is_pinned_by_hash() -> None:
    lock = (function_source("envelope") / "requirements.txt").read_text().replace("\\\n", " ")
    requirements = [line for line in lock.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", requirement), requirement[:60]
