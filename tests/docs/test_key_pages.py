"""The pages on existing keys, on switch-overs, and on moving and renaming: what they show works as it stands there."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

import constructs_lib
from constructs_lib import EncryptionKey, SigningKey
from constructs_lib.key_kind import SIGNING
from constructs_lib.service_access import cloudwatch_logs, secrets_manager
from tests.support.synthesised import iam_statements, template_of

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_PAGES = ("alias-switch-over", "existing-keys", "moving-and-renaming")
_IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")

MakeApp = Callable[..., cdk.App]
NewStack = Callable[[], cdk.Stack]


def _page(name: str) -> str:
    return (_DOCS / f"{name}.md").read_text()


def _blocks(name: str, language: str = "python") -> list[str]:
    return [dedent(block) for block in re.findall(rf"```{language}\n(.*?)```", _page(name), re.DOTALL)]


def _run(block: str, **names: Any) -> dict[str, Any]:
    known = {name: getattr(constructs_lib, name) for name in constructs_lib.__all__}
    everything = {"cdk": cdk, "SIGNING": SIGNING, **known, **names}
    exec(block, everything)  # noqa: S102  # as it stands on the page
    return everything


@pytest.fixture
def new_stack(make_app: MakeApp, tmp_path: Path) -> NewStack:
    """Make a stack in an app of its own."""
    count = iter(range(100))
    return lambda: cdk.Stack(make_app(outdir=tmp_path / str(next(count))), "Releases", env=_IRELAND)


def _keys(stack: cdk.Stack) -> dict[str, SigningKey]:
    return {f"key_{year}": SigningKey(stack, f"Key{year}", alias=f"releases-{year}") for year in (2026, 2027)}


def _alias(stack: cdk.Stack) -> Any:
    return template_of(stack)["Resources"]["ReleasesE6BA3EBF"]["Properties"]["TargetKeyId"]["Ref"][:7]


def test_each_deployment_of_a_switch_over_synthesises(new_stack: NewStack, make_app: MakeApp) -> None:
    first, add, switch, retire, disable, _ = _blocks("alias-switch-over")
    people = {name: iam.ArnPrincipal(f"arn:aws:iam::111122223333:role/{name}") for name in ("ci", "auditor")}

    assert _alias(_run(first, app=make_app(), **people)["stack"]) == "Key2026"
    stack = new_stack()
    _run(add, stack=stack, key_2026=SigningKey(stack, "Key2026", alias="releases-2026"))
    assert _alias(stack) == "Key2026"
    for block in (switch, retire):
        stack = new_stack()
        _run(block, stack=stack, **_keys(stack))
        assert _alias(stack) == "Key2027"
    stack = new_stack()
    key = _run(disable, stack=stack)["key_2026"]
    assert key.node.default_child.enabled is False


def test_an_alias_goes_from_a_key_to_a_succession_in_place(new_stack: NewStack) -> None:
    before, after = new_stack(), new_stack()
    SigningKey(before, "Key2026", alias="releases")

    _run(_blocks("alias-switch-over")[-1], stack=after)

    assert template_of(after)["Resources"] == template_of(before)["Resources"]


def test_a_renamed_key_keeps_the_logical_ids_of_the_page(new_stack: NewStack) -> None:
    before, after = new_stack(), new_stack()
    EncryptionKey(before, "Key", alias="orders")

    _run(_blocks("moving-and-renaming")[0], stack=after)

    assert template_of(after)["Resources"] == template_of(before)["Resources"]


def test_each_import_works_and_the_statement_for_an_alias_is_that_of_the_page(new_stack: NewStack) -> None:
    imports, acknowledge, _ = _blocks("existing-keys")
    stack = new_stack()

    names = _run(imports, stack=stack)
    _run(acknowledge, **{name: value for name, value in names.items() if not name.startswith("__")})
    names["by_alias"].grant_decrypt(iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal()))
    names["signing"].grant_verify(iam.ArnPrincipal("arn:aws:iam::111122223333:role/Auditor"))

    assert iam_statements(template_of(stack)) == [json.loads(block) for block in _blocks("existing-keys", "json")]


def test_what_services_need_of_an_existing_key_is_announced_by_the_calls_of_the_page(new_stack: NewStack) -> None:
    imports, _, uses = _blocks("existing-keys")
    stack = new_stack()

    by_arn = _run(imports, stack=stack)["by_arn"]
    reader = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    _run(uses, by_arn=by_arn, reader=reader, cloudwatch_logs=cloudwatch_logs, secrets_manager=secrets_manager)

    (statement,) = iam_statements(template_of(stack))
    assert statement["Resource"] == by_arn.key_arn
    assert statement["Condition"]["StringEquals"] == {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}


@pytest.mark.parametrize("name", _PAGES)
def test_each_link_of_a_page_leads_to_a_file(name: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", _page(name)) if not link.startswith("http")]

    assert links
    assert not [link for link in links if not (_DOCS / link).exists()]
