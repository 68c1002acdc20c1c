"""What the page about secrets says is what the code does."""

import json
import re
import runpy
import shlex
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from tests.policies.scenes.secrets import NAMED, PARTNER
from tests.support.aws_command import AwsCommand
from tests.support.control_policy import denies
from tests.support.literal_templates import ACCOUNT, REGION
from tests.support.policy_judge import Caller
from tests.support.secret_judge import OPERATIONS, JudgedSecret
from tests.support.secret_scene import EVERYTHING, play_secret

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "secrets.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
OF_THE_READER, IMPORTED, CONTROL = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = [
    command
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for command in re.findall(r"aws (?:secretsmanager|ssm) .*", block)
]
COLUMNS = {
    "reads": "GetSecretValue",
    "puts": "PutSecretValue",
    "rotates": "RotateSecret",
    "moves labels": "UpdateSecretVersionStage",
    "deletes, with time to recover": "DeleteSecret later",
    "deletes at once": "DeleteSecret by force",
    "changes the policy": "PutResourcePolicy",
    "changes the key": "UpdateSecret to another key",
}
ROWS = {
    "reader": "reader with everything",
    "writer": "writer with everything",
    "administrator": "administrator with everything",
    "rotation function": "rotation with everything",
    "deployer, by himself": "deployer",
    "deployer, as CloudFormation": "deployer",
    "key administrator": "account administrator",
    "anybody else of the account": "stranger with everything",
    "reader of another account": "partner with everything",
    "anybody else of that account": "foreign stranger",
}
SESSIONS = {"deployer, as CloudFormation": "AROA:AWSCloudFormation"}
EXECUTION = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"


def table() -> dict[str, dict[str, str]]:
    """Read who may do what."""
    section = PAGE.partition("## Who may do what")[2].partition("\n## ")[0]
    header, _, *rows = re.findall(r"^\|.*\|$", section, re.MULTILINE)
    named = [cell.strip() for cell in header.strip("|").split("|")]
    read = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {cells[0]: dict(zip(named[1:], cells[1:], strict=True)) for cells in read}


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """Run the blocks of the page as they stand, one after the other."""
    known: dict[str, Any] = {}
    for block in BLOCKS:
        exec(block, known)  # noqa: S102  # as it stands on the page
    return known


def test_the_templates_of_the_page_hold_no_value(names: dict[str, Any]) -> None:
    secrets = [names[name].node.default_child for name in ("password", "token")]

    assert [each.generate_secret_string.password_length for each in secrets] == [48, 64]
    assert [each.secret_string for each in secrets] == [None, None]


def test_an_untold_secret_is_what_the_page_says(names: dict[str, Any]) -> None:
    password = names["password"].node.default_child

    assert password.name is None
    assert password.cfn_options.deletion_policy is cdk.CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE
    assert password.cfn_options.update_replace_policy is cdk.CfnDeletionPolicy.RETAIN
    assert names["password"].node.try_find_child("RotationSchedule") is None


def test_who_may_do_what_is_what_the_engine_decides(make_app: Callable[..., cdk.App]) -> None:
    played = play_secret(NAMED, make_app())
    askers = {each.who: each.asker.caller for each in played.decisions}

    decided = {
        row: {
            column: "yes" if played.secret.allows(askers[who], OPERATIONS[operation], {"aws:userid": session}) else "no"
            for column, operation in COLUMNS.items()
        }
        for row, who in ROWS.items()
        for session in [SESSIONS.get(row, "A:b")]
    }

    assert {row: {name: cell.partition(",")[0] for name, cell in cells.items()} for row, cells in table().items()} == (
        decided
    )


def test_the_other_account_adds_what_the_reader_lacks(make_app: Callable[..., cdk.App]) -> None:
    secret: JudgedSecret = play_secret(NAMED, make_app()).secret
    text = json.dumps(OF_THE_READER)
    for named, meant in (
        (re.findall(r'"(arn:aws:secretsmanager:[^"]*)"', text)[0], secret.arn),
        (re.findall(r'"(arn:aws:kms:[^"]*)"', text)[0], secret.key.arn),
    ):
        text = text.replace(named, meant)
    policy = json.loads(text)

    for action in ("GetSecretValue", "DescribeSecret"):
        assert secret.allows(Caller(PARTNER, (policy,)), OPERATIONS[action], {})
        assert not secret.allows(Caller(PARTNER), OPERATIONS[action], {})
        for left in range(2):
            fewer = {**policy, "Statement": [policy["Statement"][left]]}
            needs_both = action == "GetSecretValue" or left == 1
            assert secret.allows(Caller(PARTNER, (fewer,)), OPERATIONS[action], {}) is not needs_both
    assert not secret.allows(Caller(PARTNER.replace("Partner", "Other"), (EVERYTHING,)), OPERATIONS[action], {})


@pytest.mark.parametrize("action", ["PutResourcePolicy", "DeleteResourcePolicy"])
def test_the_control_policy_spares_deployers_alone(action: str) -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:orders/token-AbCdEf"
    others = (f"arn:aws:iam::{ACCOUNT}:role/Administrator", EXECUTION.replace(":role/", ":role/ops/"))

    assert not denies(CONTROL, EXECUTION, f"secretsmanager:{action}", secret, {})
    assert all(denies(CONTROL, each, f"secretsmanager:{action}", secret, {}) for each in others)
    assert not any(denies(CONTROL, each, "secretsmanager:GetSecretValue", secret, {}) for each in others)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_is_one_of_the_cli_and_holds_no_value(command: str) -> None:
    read: list[str] = []

    def from_elsewhere(path: str) -> bytes:
        read.append(path)
        return b"from elsewhere"

    parsed = AwsCommand.parse(shlex.split(command)[1:], from_elsewhere)

    given = {parsed.parameters.get(name) for name in ("SecretString", "Value")} - {None}
    assert given <= {"from elsewhere"}
    assert bool(read) is parsed.name.startswith("put-")


def test_the_page_says_how_cloudformation_refuses_another_generator(names: dict[str, Any]) -> None:
    (message,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)

    (pin,) = [each for each in names["password"].node.find_all() if isinstance(each, cdk.CfnWaitCondition)]
    assert message == f"Update to resource type {pin.cfn_resource_type} is not supported."
    assert pin.count == 0


def test_what_is_imported_is_called_as_in_the_template_of_the_example(make_app: Callable[..., cdk.App]) -> None:
    app = make_app(**{"cdk-key-management:take-back": "true"})
    runpy.run_path(str(DOCS.parent / "examples" / "secret_for_a_function.py"))["define"](app)
    (template,) = (stack.template for stack in app.synth().stacks)

    kinds = {name: template["Resources"][name]["Type"] for name in IMPORTED}
    assert set(kinds.values()) == {"AWS::SecretsManager::Secret", "AWS::SecretsManager::ResourcePolicy"}
    referring = [json.dumps(template["Resources"][name]) for name in IMPORTED]
    assert not any("FunctionServiceRole" in each for each in referring)


def test_what_the_page_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGE)

    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_the_drawing_names_the_steps_and_the_stages() -> None:
    drawing = ET.parse(DOCS / "life-of-a-secret.svg")  # noqa: S314  # a file of this repository
    texts = " ".join("".join(each.itertext()) for each in drawing.iter() if each.tag.endswith("text"))

    for word in ("createSecret", "setSecret", "testSecret", "finishSecret", "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"):
        assert word in texts
