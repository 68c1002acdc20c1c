"""The judge of metric filters decides the examples of AWS's page as the page does."""

from typing import Any

import pytest

from tests.support.filter_pattern import FilterPattern

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
EVENT: dict[str, Any] = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "cluster.name": "c",
    "ThisFlag": True,
}
COMPOUND: dict[str, Any] = {
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
    "actions": ["GET", "PUT", "DELETE"],
    "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
}
OF_THE_PAGE = [
    ('{ $.eventType = "UpdateTrail" }', EVENT, True),
    ("{ $.sourceIPAddress != 123.123.* }", EVENT, True),
    ('{ $.arrayKey[0] = "value" }', EVENT, True),
    ("{ $.eventType = %Trail% }", EVENT, True),
    ("{ $.arrayKey[*] = %val.{2}% }", EVENT, True),
    (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", EVENT, True),
    ("{ $.objectList[1].id = 2 }", EVENT, True),
    ("{ $.['cluster.name'] = \"c\" }", EVENT, True),
    ("{ $.SomeObject IS NULL }", EVENT, True),
    ("{ $.SomeOtherObject NOT EXISTS }", EVENT, True),
    ("{ $.ThisFlag IS TRUE }", EVENT, True),
    ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', COMPOUND, True),
    (
        '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
        COMPOUND,
        True,
    ),
    (
        (
            '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") '
            '&& $.actions[2] = "nonmatch" }'
        ),
        COMPOUND,
        False,
    ),
    ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', COMPOUND, False),
    ("{ $.users = 1 }", COMPOUND, False),
    ("{ $.users != 1 }", COMPOUND, False),
]
NEAR_BY = [
    ('{ $.eventType = "updatetrail" }', EVENT, False),
    ("{ $.sourceIPAddress != 111.111.* }", EVENT, False),
    ("{ $.objectList[0].id = 2 }", EVENT, False),
    ("{ $.eventType IS NULL }", EVENT, False),
    ("{ $.eventType NOT EXISTS }", EVENT, False),
    ("{ $.SomeObject NOT EXISTS }", EVENT, False),
    ("{ $.ThisFlag IS FALSE }", EVENT, False),
    ('{ $.eventType = "*Trail" }', EVENT, True),
    ('{ $.eventType = "Update*" }', EVENT, True),
    ('{ $.eventType = "*dateTr*" }', EVENT, True),
    ('{ $.eventType = "Up*ail" }', EVENT, False),
    ('{ $.eventType = "*Update" }', EVENT, False),
    ('{ $.arrayKey[2] = "value" }', EVENT, False),
    ("{ $.user.id >= 1 }", COMPOUND, True),
    ("{ $.user.id > 1 }", COMPOUND, False),
    ("{ $.user.id < 10e3 }", COMPOUND, True),
    ("{ $.user.id <= 0.5 }", COMPOUND, False),
    ("{ $.nobody.id = 1 }", COMPOUND, False),
    ("{ $.nobody.id != 1 && $.user.id = 2 }", COMPOUND, False),
    ("{ $.nobody.id != 1 || $.user.id = 1 }", COMPOUND, True),
]


@pytest.mark.parametrize(("pattern", "event", "expected"), OF_THE_PAGE)
def test_an_example_of_the_page_is_decided_as_there(pattern: str, event: dict[str, Any], *, expected: bool) -> None:
    assert FilterPattern(pattern).matches(event) is expected


@pytest.mark.parametrize(("pattern", "event", "expected"), NEAR_BY)
def test_what_is_near_to_an_example_is_told_apart(pattern: str, event: dict[str, Any], *, expected: bool) -> None:
    assert FilterPattern(pattern).matches(event) is expected


def test_refuses_to_guess_what_aws_does_not_say() -> None:
    with pytest.raises(ValueError, match="must be one of which AWS says whether it matches"):
        FilterPattern("{ $.nobody.id != 1 }").matches(COMPOUND)


@pytest.mark.parametrize(
    "pattern",
    [
        "$.a = 1",
        "{ $.a = 1",
        "{ $.a = 1 } }",
        "{ a = 1 }",
        "{ $.a ~ 1 }",
        "{ ($.a = 1 }",
        "{ $.a = 1 & $.b = 2 }",
        "{ $.a EXISTS $.b }",
    ],
)
def test_refuses_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="must"):
        FilterPattern(pattern).matches({"a": 1, "b": 2})
