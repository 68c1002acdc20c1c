from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.labels import check_description, check_tags

KEYS = "tags must have keys of 1 to 128 characters that do not begin with aws:, got "
CHARACTERS = "tags must be of letters, digits, spaces and _.:/=+@-, got "


@pytest.mark.parametrize(
    "description",
    [None, "", "Zahlungen ü €", "x" * 8192, cdk.Aws.STACK_NAME],
    ids=["none", "empty", "letters", "longest", "token"],
)
def test_a_description_that_kms_takes_passes(description: str | None) -> None:
    check_description(description)


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("x" * 8193, "description must be at most 8192 characters, got 8193"),
        (7, "description must be a text, got 7"),
        (["x"], "description must be a text, got ['x']"),
    ],
)
def test_refuses_a_description_that_kms_refuses(description: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_description(description)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"k" * 128: "v" * 256, "cost center": "", "a_b.c:d/e=f+g@h-i": "1", "größe": "5 ½"},
        {str(number): "" for number in range(50)},
        {"stack": cdk.Aws.STACK_NAME},
    ],
)
def test_tags_that_kms_takes_pass(tags: dict[str, str]) -> None:
    check_tags(tags)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({str(number): "" for number in range(51)}, "tags must be at most 50, got 51"),
        ({"": "x"}, KEYS + "''"),
        ({"k" * 129: "x"}, KEYS + repr("k" * 129)),
        ({"AWS:owner": "x"}, KEYS + "'AWS:owner'"),
        ({"k": "v" * 257}, "tags must have values of at most 256 characters, got 257 for 'k'"),
        ({"team#": "x"}, CHARACTERS + "'team#'"),
        ({"team": "a,b"}, CHARACTERS + "'a,b'"),
        ({"team": "a\nb"}, CHARACTERS + "'a\\nb'"),
        ({"team": 7}, "tags must have texts as keys and values, got 'team': 7"),
        ({7: "team"}, "tags must have texts as keys and values, got 7: 'team'"),
        (["team"], "tags must be a mapping of names to values, got ['team']"),
        (None, "tags must be a mapping of names to values, got None"),
    ],
)
def test_refuses_tags_that_kms_refuses(tags: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_tags(tags)
    assert str(refused.value) == message
