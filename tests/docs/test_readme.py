import re
from pathlib import Path

import pytest

from constructs_lib.actions import ADMINISTER

_ROOT = Path(__file__).resolve().parents[2]
_README = (_ROOT / "README.md").read_text()
_MAKEFILE = (_ROOT / "Makefile").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", _README, re.DOTALL)


@pytest.mark.parametrize("block", _blocks("python"), ids=lambda block: re.search(r'App\(.*"(\w+)"\)', block)[1])  # type: ignore[index]  # every block has a stack
def test_each_python_block_synthesises(block: str) -> None:
    namespace: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), namespace)  # noqa: S102  # our own page

    stack = namespace["stack"]
    template = stack.node.root.synth().get_stack_by_name(stack.stack_name).template  # type: ignore[attr-defined]  # a Stack

    assert any(resource["Type"] == "AWS::KMS::Key" for resource in template["Resources"].values())


def test_the_first_example_stands_in_the_first_twenty_lines_and_has_ten_at_most() -> None:
    first = _blocks("python")[0]

    assert _README[: _README.index(first)].count("\n") < 20
    assert len(first.strip().splitlines()) <= 10


def test_each_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)", " ".join(_blocks("sh") + re.findall(r"`(make [^`]+)`", _README))))

    assert {"demo", "test"} <= named
    assert not [target for target in named if not re.search(rf"^{target}:", _MAKEFILE, re.MULTILINE)]


def test_each_link_leads_to_a_file() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", _README) if not link.startswith("http")]

    assert links
    assert not [link for link in links if not (_ROOT / link).exists()]


def test_the_number_of_administrative_actions_is_right() -> None:
    assert f"by {len(ADMINISTER)} exact actions" in _README
