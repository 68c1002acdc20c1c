import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.certificates.validation_plan import is_in_zone, plan_validation, validated_names
from constructs_lib.errors import ConfigurationError

_LABEL = st.sampled_from(["a", "b", "c"])
_NAME = st.lists(_LABEL, max_size=3).map(lambda labels: ".".join([*labels, "example", "com"]))


def test_each_name_is_validated_in_the_zone_with_the_longest_name_that_contains_it() -> None:
    plan = plan_validation(
        ["a.shop.example.com", "*.shop.example.com", "example.com", "example.org"],
        ["example.com", "shop.example.com", "example.org"],
    )
    assert plan == {
        "example.com": ("example.com",),
        "shop.example.com": ("a.shop.example.com", "shop.example.com"),
        "example.org": ("example.org",),
    }


def test_a_wildcard_and_its_parent_share_one_record() -> None:
    assert validated_names(["*.example.com", "example.com", "*.a.example.com"]) == ("example.com", "a.example.com")


def test_a_name_that_only_ends_alike_is_not_in_the_zone() -> None:
    assert not is_in_zone("notexample.com", "example.com")


def test_refuses_a_name_that_is_in_no_zone() -> None:
    with pytest.raises(ConfigurationError, match=r"got shop\.example\.net in none of example\.com, example\.org$"):
        plan_validation(["a.example.com", "*.shop.example.net"], ["example.com", "example.org"])


def test_refuses_a_zone_that_holds_no_record() -> None:
    with pytest.raises(ConfigurationError, match=r"zones must hold a validation record each, got example\.com without"):
        plan_validation(["shop.example.com"], ["example.com", "shop.example.com"])


def test_refuses_two_zones_of_one_name() -> None:
    with pytest.raises(ConfigurationError, match=r"zones must have different names, got example\.com twice"):
        plan_validation(["shop.example.com"], ["example.com", "example.com"])


@given(names=st.lists(_NAME, min_size=1, unique=True), zones=st.lists(_NAME, min_size=1, unique=True))
def test_what_is_planned_holds_each_name_once_and_in_its_closest_zone(names: list[str], zones: list[str]) -> None:
    try:
        plan = plan_validation(names, zones)
    except ConfigurationError:
        is_left = any(not any(is_in_zone(name, zone) for zone in zones) for name in names)
        assert is_left or len(zones) > 1
        return
    assert sorted(name for held in plan.values() for name in held) == sorted(names)
    for zone, held in plan.items():
        for name in held:
            assert is_in_zone(name, zone)
            assert not any(is_in_zone(name, other) and len(other) > len(zone) for other in zones)
