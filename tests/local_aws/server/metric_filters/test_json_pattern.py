import re
from typing import Any

import pytest

from local_aws.server.metric_filters.json_pattern import PatternError, json_predicate, selected

EVENT: dict[str, Any] = {
    "eventName": "ConsoleLogin",
    "sourceIPAddress": "123.123.45.6",
    "userIdentity": {"type": "Root"},
    "additionalEventData": {"MFAUsed": "No"},
    "errorCode": "Client.UnauthorizedOperation",
    "resources": [{"ARN": "arn:aws:kms:eu-west-1:111122223333:key/1"}, {"ARN": "arn:aws:kms:eu-west-1:1:alias/a"}],
    "count": 4,
    "ratio": "0.5",
    "managementEvent": True,
    "responseElements": None,
}

# The forms of the page's own examples, and those of the CIS benchmark.
MATCHING = (
    '{ $.eventName = "ConsoleLogin" }',
    "{ $.eventName = ConsoleLogin }",
    "{$.eventName=Console*}",
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType NOT EXISTS }',
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    "{ $.sourceIPAddress = 123.123.* }",
    "{ $.sourceIPAddress != 124.* }",
    r"{ $.sourceIPAddress = %123\.123\.[0-9]+% }",
    '{ $.resources[0].ARN = "arn:aws:kms:*:key/*" }',
    '{ $.resources[*].ARN = "*alias/a" }',
    '{ $["eventName"] = "ConsoleLogin" }',
    "{ $.count = 4 }",
    "{ $.count >= 4 && $.count < 5 && $.count > 3.5 && $.count <= 4e0 && $.count != 5 }",
    "{ $.ratio = 0.5 }",
    "{ $.managementEvent IS TRUE }",
    "{ $.managementEvent = true }",
    "{ $.responseElements IS NULL }",
    "{ $.userIdentity EXISTS }",
    "{ $.eventName = A || $.eventName = ConsoleLogin && $.count = 4 }",
)
OTHERS = (
    '{ $.eventName = "consolelogin" }',
    '{ $.eventName = "Console" }',
    "{ $.eventName != Console* }",
    "{ ($.eventName = A || $.eventName = ConsoleLogin) && $.count = 5 }",
    "{ $.missing != 1 }",
    "{ $.missing = * }",
    "{ $.userIdentity = * }",
    "{ $.managementEvent IS FALSE }",
    "{ $.managementEvent IS NULL }",
    "{ $.responseElements NOT EXISTS }",
    "{ $.resources[2].ARN EXISTS }",
    "{ $.eventName > 3 }",
    "{ $.managementEvent = 1 }",
)


@pytest.mark.parametrize("pattern", MATCHING)
def test_a_pattern_matches_what_it_describes(pattern: str) -> None:
    assert json_predicate(pattern)(EVENT)


@pytest.mark.parametrize("pattern", OTHERS)
def test_a_pattern_does_not_match_what_it_does_not_describe(pattern: str) -> None:
    assert not json_predicate(pattern)(EVENT)


def test_a_comparison_with_a_number_in_words_is_one_of_text() -> None:
    assert json_predicate("{ $.eventName != 3 }")(EVENT)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("$.a = 1", "in braces"),
        ("{ }", "go on with a selector"),
        ("{ a = 1 }", "go on with a selector"),
        ("{ $.a }", "go on with a operator"),
        ("{ $.a = }", "compare with a value"),
        ("{ $.a && $.b = 1 }", "compare with a value, got '&&'"),
        ("{ $.a = 1 $.b = 2 }", "end after a condition"),
        ("{ ($.a = 1 }", "close each parenthesis"),
        ("{ $.a NOT NULL }", "go on with EXISTS"),
        ("{ $.a IS MAYBE }", "IS NULL, TRUE or FALSE"),
        ("{ $.a > x }", "followed by a number"),
        ("{ $.a = $.b }", "followed by a number"),
        ("{ $.a = 1 & $.b = 2 }", "made of conditions"),
    ],
)
def test_refuses_what_is_no_pattern(pattern: str, problem: str) -> None:
    with pytest.raises(PatternError, match=re.escape(problem)):
        json_predicate(pattern)


def test_a_selector_finds_every_value_that_it_points_to() -> None:
    assert selected("$.resources[*].ARN", EVENT) == [each["ARN"] for each in EVENT["resources"]]
    assert selected("$.userIdentity.*", EVENT) == ["Root"]
    assert selected("$.eventName[0]", EVENT) == []
