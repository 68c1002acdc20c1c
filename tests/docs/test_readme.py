import ast
import json
import re
from inspect import signature
from pathlib import Path

import constructs_lib
from constructs_lib import with_context
from constructs_lib.actions import ADMINISTER
from tests.support.child_process import run_python

_ROOT = Path(__file__).resolve().parents[2]
_README = (_ROOT / "README.md").read_text()
_MAKEFILE = (_ROOT / "Makefile").read_text()

_RUN_EACH = """
import json, sys

for block in json.loads(sys.argv[1]):
    names = {}
    exec(compile(block, "README.md", "exec"), names)
    stack = names["stack"]
    template = stack.node.root.synth().get_stack_by_name(stack.stack_name).template
    print(stack.stack_name, sum(each["Type"] == "AWS::KMS::Key" for each in template["Resources"].values()))
"""


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", _README, re.DOTALL)


def test_each_python_block_synthesises_as_it_stands() -> None:
    # As the CDK CLI hands context to an app. Bundling and the validator of the CDK itself are tested elsewhere.
    environment = {"CDK_CONTEXT_JSON": json.dumps({"aws:cdk:bundling-stacks": []}), "CDK_VALIDATION": "false"}

    ran = run_python(_RUN_EACH, json.dumps(_blocks("python")), cwd=_ROOT, environment=environment)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "Orders 1",
        "Payments 1",
        "Audit 1",
        "Releases 1",
        "Records 2",
        "Partner 2",
        "Shop 0",
        "Audit 4",
    ]


def test_the_first_example_stands_in_the_first_twenty_lines_and_has_ten_at_most() -> None:
    first = _blocks("python")[0]

    assert _README[: _README.index(first)].count("\n") < 20
    assert len(first.strip().splitlines()) <= 10


def test_each_make_target_that_is_named_exists() -> None:
    shown = " ".join(_blocks("sh") + re.findall(r"`(make [^`]+)`", _README))
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)", shown))

    assert {"demo", "test"} <= named
    assert not [target for target in named if not re.search(rf"^{target}:", _MAKEFILE, re.MULTILINE)]


def test_each_link_leads_to_a_file() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", _README) if not link.startswith("http")]

    assert links
    assert not [link for link in links if not (_ROOT / link).exists()]


def test_each_call_in_the_text_is_one_that_can_be_made() -> None:
    pages = "".join(path.read_text() for path in (_ROOT / "README.md", *(_ROOT / "docs").glob("*.md")))
    calls = set(re.findall(r"`((?:with_context|permission_set|organizational_unit)\([^`]+\))`", pages))

    assert {call.partition("(")[0] for call in calls} == {"with_context", "permission_set", "organizational_unit"}
    for call in calls:
        asked = ast.parse(call, mode="eval").body
        assert isinstance(asked, ast.Call)
        assert isinstance(asked.func, ast.Name)
        function = getattr(constructs_lib, asked.func.id)
        signature(function).bind(*asked.args, **{str(each.arg): each.value for each in asked.keywords})
        if function is with_context:
            assert [pair for pair in asked.args if isinstance(pair, ast.Dict)]


def test_the_number_of_administrative_actions_is_right() -> None:
    assert f"by {len(ADMINISTER)} exact actions" in _README
