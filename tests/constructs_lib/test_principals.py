import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import (
    Principal,
    arn_parts,
    canonical_conditions,
    merge_conditions,
    short_digest,
    sorted_values,
)

READER = "arn:aws:iam::111122223333:role/team/Reader"


def test_an_arn_is_split_around_placeholders_with_colons() -> None:
    arn = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:a:b"

    assert arn_parts(arn) == ("arn", "${AWS::Partition}", "sqs", "${AWS::Region}", "${AWS::AccountId}", "a:b")


@pytest.mark.parametrize(
    "text", ["", "role/Reader", "arn:aws:iam::111122223333", "urn:aws:iam::1:role/x", "arn:a:b:c:d:"]
)
def test_refuses_what_is_no_arn(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        arn_parts(text)
    assert str(refused.value) == f"an ARN must be arn:partition:service:region:account:resource, got {text!r}"


def test_by_arn_is_the_role_itself() -> None:
    assert Principal.by_arn(READER) == Principal("AWS", READER, "")


def test_by_name_is_the_account_with_the_name() -> None:
    assert Principal.by_name(READER) == Principal("AWS", "arn:aws:iam::111122223333:root", READER)


def test_by_name_keeps_partition_and_account_as_placeholders() -> None:
    named = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Reader"

    assert Principal.by_name(named).value == "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"


def test_refuses_a_name_that_is_no_arn() -> None:
    with pytest.raises(ConfigurationError, match="got 'Reader'"):
        Principal.by_name("Reader")


def test_only_a_whole_account_is_an_account() -> None:
    account = Principal.by_arn("arn:aws:iam::111122223333:root")

    assert account.is_account
    assert not Principal.by_arn(READER).is_account
    assert not Principal.by_name(READER).is_account
    assert not Principal("Service", "arn:aws:iam::111122223333:root").is_account


def test_conditions_become_sorted_and_single_and_empty_operators_go() -> None:
    conditions = canonical_conditions({
        "StringLike": {"b": ("2", "1", "2"), "a": ("x",)},
        "Bool": {"c": ("true",)},
        "Null": {},
    })

    assert conditions == {"Bool": {"c": ("true",)}, "StringLike": {"a": ("x",), "b": ("1", "2")}}
    assert list(conditions) == ["Bool", "StringLike"]
    assert list(conditions["StringLike"]) == ["a", "b"]


def test_merged_conditions_demand_both() -> None:
    first = {"StringEquals": {"kms:ViaService": ("s3.eu-west-1.amazonaws.com",)}}
    second = {
        "StringEquals": {"aws:SourceAccount": ("111122223333",)},
        "Bool": {"kms:GrantIsForAWSResource": ("true",)},
    }

    assert (
        merge_conditions(first, second)
        == merge_conditions(second, first)
        == {
            "Bool": {"kms:GrantIsForAWSResource": ("true",)},
            "StringEquals": {
                "aws:SourceAccount": ("111122223333",),
                "kms:ViaService": ("s3.eu-west-1.amazonaws.com",),
            },
        }
    )


def test_merging_takes_equal_values_in_any_order() -> None:
    assert merge_conditions({"StringEquals": {"k": ("a", "b")}}, {"StringEquals": {"k": ("b", "a")}}) == {
        "StringEquals": {"k": ("a", "b")}
    }


def test_merging_changes_neither_side() -> None:
    first, second = {"StringEquals": {"k": ("a",)}}, {"StringEquals": {"l": ("b",)}}
    merge_conditions(first, second)

    assert (first, second) == ({"StringEquals": {"k": ("a",)}}, {"StringEquals": {"l": ("b",)}})


@pytest.mark.parametrize("other", [("b",), ("a", "b"), ()])
def test_refuses_two_demands_on_one_key(other: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        merge_conditions({"StringEquals": {"k": ("a",)}}, {"StringEquals": {"k": other}})
    assert str(refused.value) == (
        f"conditions must demand one set of values of k under StringEquals, got ['a'] and {list(other)}"
    )


def test_a_digest_stands_for_the_value_and_not_for_its_order_of_keys() -> None:
    assert short_digest({"a": 1, "b": 2}) == short_digest({"b": 2, "a": 1}) == "d8497d"
    assert short_digest({"a": 1}) != short_digest({"a": 2})


def test_values_are_sorted_and_single() -> None:
    assert sorted_values(["b", "a", "b"]) == ("a", "b")
