"""An alias stands once in an account and Region; what may be deployed elsewhere may have the same."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, KeySuccession, MultiRegionKey
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.duplicate_aliases import DuplicateAlias, duplicate_aliases
from constructs_lib.guardrails.template_values import Located
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
HERE = ("111122223333", "eu-west-1")


def alias(name: Any = "alias/orders", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": name, "TargetKeyId": "key"}, **more}


def found(first: dict[str, Any], second: dict[str, Any], *stacks: tuple[str, str]) -> list[DuplicateAlias]:
    """Put both into one template, or each into that of a stack of its own in an account and Region."""
    if not stacks:
        return duplicate_aliases(CloudTemplates({"S": {"Resources": {"A": first, "B": second}}}))
    templates = {name: {"Resources": {"A": each}} for name, each in zip("SW", (first, second), strict=True)}
    deployed = {
        name: DeployedStack(name=name, account=account, region=region)
        for name, (account, region) in zip("SW", stacks, strict=True)
    }
    return duplicate_aliases(CloudTemplates(templates, deployed))


@pytest.mark.parametrize("name", ["alias/orders", {"Ref": "Name"}, {"Fn::Sub": "alias/${AWS::StackName}-x"}])
def test_two_of_one_stack_are_found(name: Any) -> None:
    ((duplicate),) = found(alias(name), alias(name))

    assert (duplicate.first, duplicate.second) == (Located("S", "A"), Located("S", "B"))


def test_two_of_one_environment_are_found() -> None:
    joined = {"Fn::Join": ["", ["alias/", "orders"]]}

    assert found(alias(), alias(joined), HERE, HERE) == [
        DuplicateAlias("alias/orders", Located("S", "A"), Located("W", "A"))
    ]


def test_one_that_names_its_region_is_found_where_it_is_known() -> None:
    by_region = alias({"Fn::Sub": "alias/orders-${AWS::Region}"})

    assert len(found(by_region, alias("alias/orders-eu-west-1"), HERE, HERE)) == 1


@pytest.mark.parametrize(
    ("first", "second", "stacks"),
    [
        (alias(), alias("alias/other"), ()),
        (alias(), alias("alias/Orders"), ()),
        (alias(), alias(Condition="IsProd"), ()),
        (alias(Condition="IsProd"), alias(), ()),
        (alias(), alias(), (HERE, ("111122223333", "us-east-1"))),
        (alias(), alias(), (HERE, ("444455556666", "eu-west-1"))),
        (alias(), alias(), (HERE, ("", ""))),
        (alias(), alias(), (("", ""), ("", ""))),
        (alias(), alias(), (("", "eu-west-1"), ("", "eu-west-1"))),
        (alias({"Ref": "Name"}), alias({"Ref": "Name"}), (HERE, HERE)),
    ],
    ids=str,
)
def test_two_names_or_places_that_may_differ_are_none(
    first: dict[str, Any], second: dict[str, Any], stacks: tuple[tuple[str, str], ...]
) -> None:
    assert found(first, second, *stacks) == []


def other_keys(app: cdk.App, stack: cdk.Stack) -> dict[str, Callable[[], object]]:
    return {
        "same stack": lambda: EncryptionKey(stack, "Other", alias="alias/orders"),
        "other stack": lambda: EncryptionKey(cdk.Stack(app, "W", env=IRELAND), "Other", alias="orders"),
        "other Stage": lambda: EncryptionKey(cdk.Stack(cdk.Stage(app, "P"), "W", env=IRELAND), "Other", alias="orders"),
        "nested stack": lambda: EncryptionKey(cdk.NestedStack(stack, "N"), "Other", alias="orders"),
        "further alias": lambda: EncryptionKey(stack, "Other").add_alias("orders"),
        "the CDK's": lambda: kms.Key(stack, "Other", alias="orders"),
        "succession": lambda: KeySuccession(
            stack, "Other", alias="orders", current=EncryptionKey(stack, "Current", alias="orders-2026")
        ),
    }


@pytest.mark.parametrize("other", other_keys(cdk.App(), cdk.Stack()))
def test_refuses_a_second_key_of_an_alias(other: str, make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "S", env=IRELAND)
    EncryptionKey(stack, "Key", alias="orders")
    other_keys(app, stack)[other]()

    ((rule, said),) = violations(stack)
    assert rule == "DuplicateAlias"
    assert said.endswith("are alias/orders in one account and Region, which has an alias once")


def test_two_successions_of_one_alias_are_found(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    for name in ("A", "B"):
        KeySuccession(stack, name, alias="orders", current=EncryptionKey(stack, f"{name}1", alias=f"orders-{name}"))

    assert [rule for rule, _ in violations(stack)] == ["DuplicateAlias"]


def test_a_key_of_several_regions_has_its_alias_in_each(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "S", env=IRELAND)
    other = cdk.Stack(app, "W", env=cdk.Environment(account="111122223333", region="us-east-1"))
    MultiRegionKey(stack, "Key", replicas=[other], alias="orders")

    assert violations(stack) == []
