"""Whom a Deny spares, as conditions."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Person, Principal
from constructs_lib.spared_callers import (
    everybody_but,
    is_pattern,
    names_to_spare,
    refuse_wildcards,
    without_conditions,
)

ROLE = "arn:aws:iam::111122223333:role/data/Reader"
PATTERN = "arn:aws:iam::111122223333:role/Reader-*"


def test_names_and_patterns_stand_side_by_side() -> None:
    assert everybody_but([PATTERN, ROLE]) == {
        "ArnNotEquals": {"aws:PrincipalArn": (ROLE,)},
        "ArnNotLike": {"aws:PrincipalArn": (PATTERN,)},
    }


def test_without_a_name_everybody_is_hit() -> None:
    assert everybody_but([]) == {}


@pytest.mark.parametrize(("name", "expected"), [(ROLE, False), (PATTERN, True), (f"{ROLE}?", True)])
def test_a_wildcard_makes_a_pattern(name: str, *, expected: bool) -> None:
    assert is_pattern(name) is expected


def test_a_caller_is_known_by_name_whichever_way_it_was_named() -> None:
    token = "${Orders/Reader.Arn}"  # a placeholder, not a password

    callers = [Principal.by_arn(ROLE), Principal.by_name(ROLE), Principal.by_name(PATTERN), Principal.by_arn(token)]

    assert names_to_spare("readers must be", callers) == (ROLE, ROLE, PATTERN, token)


@pytest.mark.parametrize(
    "caller",
    [
        Principal.by_arn("arn:aws:iam::111122223333:root"),
        Principal.by_arn("*"),
        Principal.by_arn("111122223333"),
        Principal.by_arn("arn:aws:iam::111122223333:group/Readers"),
        Principal.by_arn("${AWS::AccountId}:role/Reader"),
        Principal("Service", "sns.amazonaws.com"),
        Principal("Federated", "cognito-identity.amazonaws.com"),
    ],
    ids=lambda caller: caller.value,
)
def test_refuses_who_has_no_name_of_his_own(caller: Principal) -> None:
    with pytest.raises(ConfigurationError, match="readers must be roles and users only, got"):
        names_to_spare("readers must be", [caller])


def test_refuses_somebody_who_is_meant_only_under_conditions() -> None:
    person = Person(Principal.by_arn(ROLE), {"Bool": {"aws:MultiFactorAuthPresent": ("true",)}})

    assert without_conditions("readers", Person(Principal.by_arn(ROLE))) == Principal.by_arn(ROLE)
    with pytest.raises(ConfigurationError, match=f"readers must name people without conditions, got .* on {ROLE}"):
        without_conditions("readers", person)


def test_whole_names_placeholders_and_permission_sets_are_no_patterns_to_refuse() -> None:
    path = "role/aws-reserved/sso.amazonaws.com"
    names = [f"{path}/AWSReservedSSO_Readers_{'?' * 16}", f"{path}/*/AWSReservedSSO_Readers_{'?' * 16}", "user/me"]

    for name in (
        "${Orders/Reader.Arn}",
        *(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{each}" for each in names),
    ):
        refuse_wildcards("readers must be", name)


@pytest.mark.parametrize(
    "name",
    [
        "*",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:role/Ap?",
        "arn:aws:iam::111122223333:user/*",
        "arn:aws:iam::*:role/Reader",
        f"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Readers_{'?' * 16}",
        f"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_*_{'?' * 16}",
        f"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Readers_{'?' * 16}*",
        f"arn:aws:iam::111122223333:role/AWSReservedSSO_Readers_{'?' * 16}",
    ],
)
def test_refuses_a_pattern_where_one_is_meant(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^readers must be roles and users by their whole names, without \* and"
    ):
        refuse_wildcards("readers must be", name)
