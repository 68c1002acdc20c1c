"""What AWS services need over all rows of the catalogue: the rules agree with the rows."""

import ast
import re
from importlib import import_module

import pytest

from constructs_lib.actions import DECRYPT, ENCRYPT, RE_ENCRYPT
from constructs_lib.service_access.service_rules import RULES, ServiceRule
from constructs_lib.service_access.service_use import Allowance, ServiceUse
from tests.support.service_row import IRELAND
from tests.support.service_rows.all_rows import ROWS

QUEUE = (*DECRYPT, *ENCRYPT, *RE_ENCRYPT)
BUS = "aws:events:event-bus:arn"


def called(rule: ServiceRule) -> str:
    return f"{rule.service} {rule.context} {len(rule.asked)}"


def _allowances(rule: ServiceRule) -> list[Allowance]:
    """Give the allowances of the catalogue that a rule speaks of."""
    found = []
    for row in ROWS:
        for allowance in row.use.running if not rule.asked or "queue" in row.use.title else ():
            names = {name for keys in allowance.conditions.values() for name in keys}
            has_context = f"kms:EncryptionContext:{rule.context}" in names
            is_about = has_context if rule.context else True
            if re.fullmatch(rule.service, IRELAND.literal(allowance.service)) and is_about:
                found.append(allowance)
    return found


@pytest.mark.parametrize("rule", RULES, ids=called)
def test_a_rule_says_what_the_rows_of_its_service_say_together(rule: ServiceRule) -> None:
    others = [other for other in RULES if other.service == rule.service and other.context and not rule.context]
    in_a_context = {action for other in others for action in other.actions}
    needed = {action for allowance in _allowances(rule) for action in allowance.actions}

    assert needed >= set(rule.actions)
    assert needed - set(rule.actions) <= in_a_context


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.sent], ids=called)
def test_a_source_account_is_demanded_only_where_every_row_demands_it(rule: ServiceRule) -> None:
    assert _allowances(rule)
    for allowance in _allowances(rule):
        assert "aws:SourceAccount" in allowance.conditions["StringEquals"]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.source], ids=called)
def test_a_source_is_demanded_only_where_every_row_demands_one_of_that_pattern(rule: ServiceRule) -> None:
    pattern = rule.source.format(partition="aws", account="111122223333").replace("*", ".*")

    assert _allowances(rule)
    for allowance in _allowances(rule):
        assert all(
            re.fullmatch(pattern, IRELAND.literal(arn)) for arn in allowance.conditions["ArnLike"]["aws:SourceArn"]
        )


@pytest.mark.parametrize("rule", RULES, ids=called)
def test_the_call_of_a_rule_exists_and_admits_its_service(rule: ServiceRule) -> None:
    call = ast.parse(rule.call, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    module = import_module(f"constructs_lib.service_access.{ast.unparse(call.func.value)}")
    use = getattr(module, call.func.attr)(**{str(each.arg): "orders" for each in call.keywords})

    assert isinstance(use, ServiceUse)
    assert any(re.fullmatch(rule.service, IRELAND.literal(each.service)) for each in use.running)
    assert rule.call in rule.must


@pytest.mark.parametrize(
    ("actions", "contexts", "call"),
    [
        (QUEUE, (), "eventbridge.send_to_target_queue"),
        (QUEUE, (BUS,), "eventbridge.encrypt_bus"),
        (DECRYPT, (), "eventbridge.notify_topic"),
        (QUEUE[:-1], (), "eventbridge.notify_topic"),
    ],
    ids=["queue", "bus", "topic", "less than a queue"],
)
def test_the_first_rule_for_a_request_is_of_its_kind(
    actions: tuple[str, ...], contexts: tuple[str, ...], call: str
) -> None:
    events = [rule for rule in RULES if re.fullmatch(rule.service, "events.amazonaws.com")]

    assert next(rule for rule in events if rule.is_about(actions, contexts)).call.startswith(call)
