"""What the catalogue accepts as a name, an account or a Region."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.resource_names import (
    BUCKET,
    SECRET,
    TOPIC,
    TRAIL,
    NameForm,
    checked_account,
    checked_region,
)


@pytest.mark.parametrize("name", ["main", "a.b-c_d", "${AWS::StackName}-trail", "x" * 128])
def test_a_name_is_accepted(name: str) -> None:
    assert TRAIL.check("trail_name", name) == name


@pytest.mark.parametrize("name", ["", "*", "main*", "ma?n", "a/b", "a b", "straße", "x" * 129, "${open", "arn:aws:x"])
def test_refuses_what_is_no_name(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        TRAIL.check("trail_name", name)

    assert str(refused.value) == f"trail_name must be the name of a trail such as main, got {name!r}"


@pytest.mark.parametrize("name", ["orders", "Orders-Topic-*", "a?c", "${AWS::StackName}*"])
def test_a_pattern_that_starts_with_a_part_of_a_name_is_accepted(name: str) -> None:
    assert TOPIC.check_pattern("topic_name", name) == name


@pytest.mark.parametrize("name", ["", "*", "*orders", "?", "a:b", "or ders"])
def test_refuses_a_pattern_that_covers_everything_or_is_no_name(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        TOPIC.check_pattern("topic_name", name)

    assert str(refused.value) == (
        "topic_name must be the name of a topic such as alarms, or a pattern that starts with a part of one, "
        f"got {name!r}"
    )


@pytest.mark.parametrize("name", ["Orders", "orders/2026", "orders:2026"])
def test_refuses_what_a_bucket_cannot_be_called(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^bucket_name must be the name of a bucket such as orders-eu"):
        BUCKET.check("bucket_name", name)


def test_names_of_secrets_have_slashes() -> None:
    assert SECRET.check("secret_name", "orders/database") == "orders/database"


@pytest.mark.parametrize("account", ["111122223333", "${AWS::AccountId}"])
def test_an_account_is_twelve_digits_or_what_the_deployment_knows(account: str) -> None:
    assert checked_account("account", account) == account


@pytest.mark.parametrize("account", ["", "1111", "*", "11112222333a", "1111222233334", "${AWS::AccountId}1"])
def test_refuses_what_is_no_account(account: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^account must be an account number of 12 digits, got "):
        checked_account("account", account)


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-east-1", "cn-northwest-1", "ap-southeast-5", "${AWS::Region}"])
def test_a_region_is_accepted(region: str) -> None:
    assert checked_region("region", region) == region


@pytest.mark.parametrize("region", ["", "*", "Ireland", "eu-west", "eu_west_1", "eu-west-1a"])
def test_refuses_what_is_no_region(region: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^region must be a Region such as eu-west-1, got "):
        checked_region("region", region)


def test_the_length_of_a_name_counts_no_placeholders() -> None:
    form = NameForm("a thing", "a-z", 5, "name")

    assert form.check("name", "${AWS::StackName}abcde") == "${AWS::StackName}abcde"
