"""An existing key in the hands of the CDK's own constructs: IAM gets what is missing, the rest is said as JSON."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib import EncryptionKey, ExistingKey
from tests.support.announcements import announcements
from tests.support.l2_case import L2Case
from tests.support.l2_cases import compute, databases, direct, events, messaging, secrets, storage
from tests.support.synthesised import granted, iam_statements, template_of

MakeApp = Callable[..., cdk.App]
Use = tuple[str, str]
"""Who and what."""

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ANY_KEY = "arn:aws:kms:eu-west-1:111122223333:key/*"
BY_ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}

FAMILIES = (storage, messaging, events, databases, secrets, compute, direct)
CASES = [case for family in FAMILIES for case in family.CASES if case.name in {
    "bucket_read_by_a_function", "bucket_read_and_written_by_a_role", "bucket_of_access_logs",
    "bucket_notifies_a_queue", "bucket_replicated", "volume_attached_by_a_role", "queue_consumed",
    "topic_published_to", "topic_feeds_a_queue", "event_archive", "secret_read", "secret_rotated",
    "secret_written", "container_storage", "user_granted_by_the_key",
    "role_granted_by_an_alias",
}]  # fmt: skip


def by_arn(stack: cdk.Stack) -> ExistingKey:
    return ExistingKey.from_arn(stack, "Key", key_arn=ARN)


def by_alias(stack: cdk.Stack) -> ExistingKey:
    return ExistingKey.from_alias(stack, "Key", alias="orders")


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def statements_in(texts: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Read the statements out of announcements about key policies."""
    for text in texts:
        found = re.search(r"(\[\{.*\}\])", text)
        if "cdk-key-management:key-policy-elsewhere" in text and found:
            yield from json.loads(found[1])


def callers(statement: Mapping[str, Any]) -> Iterator[str]:
    """Name callers by what they are called in a stack: ${S/Function/ServiceRole/Resource} is FunctionServiceRole."""
    names = listed(statement.get("Condition", {}).get("ArnEquals", {}).get("aws:PrincipalArn", []))
    yield from ("".join(name.partition("${")[2].rstrip("}").split("/")[1:-1]) for name in names)
    for values in statement["Principal"].values() if not names else ():
        for value in listed(values):
            yield re.sub(r"^\$\{(.*).{8}\.Arn\}$", r"\1", value)


def uses(statements: Iterable[Mapping[str, Any]]) -> dict[Use, set[str]]:
    """Say who may do what, and under which conditions."""
    found: dict[Use, set[str]] = {}
    for statement in statements:
        names = {name for names in statement.get("Condition", {}).values() for name in names} - {"aws:PrincipalArn"}
        for who in callers(statement):
            for action in listed(statement["Action"]):
                found.setdefault((who, action), set()).update(names)
    # What is asked for the account lets it create through a service: of our own keys the deployer alone is let in.
    return {use: conditions for use, conditions in found.items() if not use[0].endswith(":root")}


@pytest.mark.parametrize("make_key", [by_arn, by_alias], ids=["arn", "alias"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_key_of_our_own_would_admit_is_told_and_roles_are_allowed_it_in_iam(
    case: L2Case, make_key: Callable[[cdk.Stack], ExistingKey], make_app: MakeApp, tmp_path: Path
) -> None:
    ours = cdk.Stack(make_app(outdir=tmp_path / "ours"), "S", env=IRELAND)
    case.build(EncryptionKey(ours, "Key", alias="orders"), ours)
    admitted = uses(granted(template_of(ours)).values())
    app = make_app()
    stack = cdk.Stack(app, "S", env=IRELAND)
    case.build(make_key(stack), stack)
    directory = app.synth().directory

    texts = [*announcements(directory, "S", "info"), *announcements(directory, "S", "warning")]
    told = uses(statements_in(texts))
    assert set(told) == set(admitted)
    assert [use for use, conditions in admitted.items() if not conditions <= told[use]] == []
    in_iam = iam_statements(template_of(stack))
    resource, conditions = (ARN, {}) if make_key is by_arn else (ANY_KEY, BY_ALIAS)
    written = [each for each in in_iam if each["Resource"] == resource]
    assert all(conditions.items() <= each.get("Condition", {}).items() for each in written)
    allowed = {action for each in written for action in listed(each["Action"])}
    assert allowed == {action for who, action in admitted if not who.endswith(".amazonaws.com")}


def test_there_are_cases_enough() -> None:
    assert len(CASES) == 16
