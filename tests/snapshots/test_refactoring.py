"""What a template makes of keys and roles that are moved and renamed: kept, or refused, or announced.

The snapshots show what changes; `tests/local_aws/test_refactoring.py` deploys those that CloudFormation refuses.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from syrupy.assertion import SnapshotAssertion

from constructs_lib import EncryptionKey, KeySuccession, Naming, SigningKey, UnnamedRoles
from tests.support.template_changes import changes

MakeApp = Callable[..., cdk.App]
Define = Callable[[cdk.App], object]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


def stacks(app: cdk.App) -> tuple[cdk.Stack, cdk.Stack]:
    """Make two stacks, in both of which something is."""
    made = tuple(cdk.Stack(app, name, env=IRELAND) for name in ("Keys", "Work"))
    for stack in made:
        iam.ManagedPolicy(stack, "Beside", statements=[iam.PolicyStatement(actions=["s3:ListBucket"], resources=["*"])])
    return made[0], made[1]


def role(scope: cdk.Stack, construct_id: str = "Reader", **options: Any) -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal(), **options)


def key(construct_id: str = "Key", *, stack: int = 0, keeps: tuple[str, ...] = (), **settings: Any) -> Define:
    def define(app: cdk.App) -> None:
        made = EncryptionKey(stacks(app)[stack], construct_id, **settings)
        if keeps:
            for child, logical_id in zip(made.node.children, keeps, strict=True):  # the key, then its alias
                assert isinstance(child, cdk.CfnResource)
                child.override_logical_id(logical_id)

    return define


def reader(construct_id: str = "Reader", *, stack: int = 0, name: str | None = None, **settings: Any) -> Define:
    def define(app: cdk.App) -> None:
        both = stacks(app)
        EncryptionKey(both[0], "Key", alias="orders", **settings).grant_decrypt(
            role(both[stack], construct_id, role_name=name)
        )

    return define


def releases(construct_id: str = "Releases", *, current: int = 2026, former: tuple[int, ...] = ()) -> Define:
    def define(app: cdk.App) -> None:
        stack = stacks(app)[0]
        keys = {year: SigningKey(stack, f"Key{year}", alias=f"releases-{year}") for year in (2026, 2027)}
        KeySuccession(
            stack, construct_id, alias="releases", current=keys[current], former=[keys[each] for each in former]
        ).grant_sign_verify(role(stack, "Ci"))

    return define


BY_NAME: dict[str, Any] = {"naming": Naming.BY_NAME}
BY_PATTERN: dict[str, Any] = {"unnamed_roles": UnnamedRoles.MATCH_GENERATED_NAME}
CASES: dict[str, tuple[Define, Define]] = {
    "key renamed": (key(alias="orders"), key("Data", alias="orders")),
    "key renamed, without an alias": (key(), key("Data")),
    "key moved": (key(alias="orders"), key(stack=1, alias="orders")),
    "role moved out of the stack of the key": (reader(), reader(stack=1)),
    "role with a name moved out of the stack of the key": (reader(name="reader"), reader(stack=1, name="reader")),
    "role moved into the stack of the key": (reader(stack=1, name="reader"), reader(name="reader")),
    "role renamed": (reader(), reader("Auditor")),
    "role renamed in another stack": (reader(stack=1), reader("Auditor", stack=1)),
    "role renamed in another stack, by pattern": (
        reader(stack=1, **BY_PATTERN),
        reader("Auditor", stack=1, **BY_PATTERN),
    ),
    "alias pointed to the next key": (releases(), releases(current=2027, former=(2026,))),
    "alias of a succession renamed": (releases(), releases("Signatures")),
}

UNCHANGED: dict[str, tuple[Define, Define]] = {
    "key renamed, logical ids kept": (
        key(alias="orders"),
        key("Data", alias="orders", keeps=("Key961B73FD", "KeyAlias6C2E2031")),
    ),
    "key renamed, without an alias, logical id kept": (key(), key("Data", keeps=("Key961B73FD",))),
}


@pytest.fixture
def compare(make_app: MakeApp, tmp_path: Path) -> Callable[[Define, Define], dict[str, Any]]:
    """Compare two states of an app."""

    def compare(before: Define, after: Define) -> dict[str, Any]:
        apps = []
        for name, define in (("before", before), ("after", after)):
            app = make_app(outdir=tmp_path / name)
            define(app)
            apps.append(app)
        return changes(*apps)

    return compare


@pytest.mark.parametrize("case", CASES)
def test_what_changes_is_as_reviewed(
    case: str, compare: Callable[[Define, Define], dict[str, Any]], template_snapshot: SnapshotAssertion
) -> None:
    found = compare(*CASES[case])

    assert found["changed"] or found["added"]
    assert found == template_snapshot


@pytest.mark.parametrize("case", UNCHANGED)
def test_a_key_that_keeps_its_logical_ids_changes_nothing(
    case: str, compare: Callable[[Define, Define], dict[str, Any]]
) -> None:
    found = compare(*UNCHANGED[case])

    assert (found["removed"], found["added"], found["changed"]) == ([], [], {})


def test_a_role_that_is_always_named_by_name_may_move_and_the_key_policy_stays(
    compare: Callable[[Define, Define], dict[str, Any]],
) -> None:
    found = compare(reader(name="reader", **BY_NAME), reader(stack=1, name="reader", **BY_NAME))

    assert [place for place in found["changed"] if place.startswith("Keys/Key")] == []
    assert "Keys/ReaderF7BF189D AWS::IAM::Role" in found["removed"]


def test_a_key_has_the_same_logical_ids_in_any_stack(compare: Callable[[Define, Define], dict[str, Any]]) -> None:
    found = compare(key(alias="orders"), key(stack=1, alias="orders"))

    assert [each.removeprefix("Keys/") for each in found["removed"]] == [
        each.removeprefix("Work/") for each in found["added"]
    ]
