"""What a wrong name is answered with: never with another setting that only looks like it."""

from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey, KeySettings, MacKey, MultiRegionKey, SigningKey
from constructs_lib.key_kind import MAC, SIGNING, SYMMETRIC, KeyKind
from constructs_lib.setting_names import check_setting_names

SETTINGS = tuple(KeySettings.__annotations__)


def refusal(name: str, kind: KeyKind) -> str:
    with pytest.raises(ConfigurationError) as refused:
        check_setting_names([name], SETTINGS, kind)
    return str(refused.value)


@pytest.mark.parametrize("kind", [SYMMETRIC, SIGNING])
def test_every_setting_is_one(kind: KeyKind) -> None:
    check_setting_names(SETTINGS, SETTINGS, kind)


def test_a_refusal_lists_what_the_kind_of_key_takes() -> None:
    common = {*SETTINGS, *("alias", "guards")}
    for kind, own in (
        (SYMMETRIC, {"encrypters", "decrypters", "rotation_period", "services"}),
        (SIGNING, {"signers", "verifiers", "spec"}),
    ):
        said = refusal("colour", kind)
        assert said.endswith(", got colour")
        assert set(said.removeprefix("settings must be of ").removesuffix(", got colour").split(", ")) == {
            *common,
            *own,
        }


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("descripton", " (did you mean description?)"),
        ("waiting_periods", " (did you mean waiting_period?)"),
        ("admin", ""),
        ("name", ""),
        ("period", ""),
        ("admins", "; say administrators"),
        ("removal_policy", "; say lifecycle"),
        ("pending_window", "; say waiting_period"),
        ("enabled", "; say state=KeyState.DISABLED for a key that does not answer"),
        ("policy", "; the arguments for people, and add_to_resource_policy, write the policy"),
        ("multi_region", "; MultiRegionKey is the key of several Regions"),
        ("key_usage", "; there is a class for each kind of key"),
    ],
)
@pytest.mark.parametrize("kind", [SYMMETRIC, MAC], ids=["symmetric", "MAC"])
def test_a_name_is_answered_with_what_it_means(name: str, meant: str, kind: KeyKind) -> None:
    assert refusal(name, kind).endswith(f", got {name}{meant}")


@pytest.mark.parametrize("name", ["rotation", "enable_key_rotation", "rotation_period_in_days"])
def test_rotation_is_what_a_key_does_by_itself_or_never(name: str) -> None:
    assert refusal(name, SYMMETRIC).endswith(f"got {name}; the key rotates by itself, once in each rotation_period")
    assert refusal(name, SIGNING).endswith(
        f"got {name}; KMS does not rotate a signing key: KeySuccession puts the next one behind its alias"
    )


def test_the_spec_is_said_where_there_is_one() -> None:
    assert refusal("key_spec", MAC).endswith("; say spec")
    assert refusal("key_spec", SYMMETRIC).endswith("; the spec of a symmetric encryption key is always the same")


WRONG: list[tuple[Any, str, Any, str]] = [
    (SigningKey, "rotation_period", Duration.days(90), "KMS does not rotate a signing key"),
    (SigningKey, "encrypters", [], "who uses a signing key is named by signers, verifiers"),
    (MacKey, "signers", [], "who uses a MAC key is named by generators, verifiers"),
    (EncryptionKey, "signers", [], "who uses a symmetric encryption key is named by encrypters, decrypters"),
    (EncryptionKey, "admins", [iam.AccountRootPrincipal()], "say administrators"),
    (EncryptionKey, "replicas", [], "MultiRegionKey is the key of several Regions"),
]


@pytest.mark.parametrize(
    ("kind", "name", "value", "hint"), WRONG, ids=[f"{each[0].__name__}-{each[1]}" for each in WRONG]
)
def test_refuses_it_in_a_constructor(kind: Any, name: str, value: Any, hint: str) -> None:
    option = {name: value}
    with pytest.raises(ConfigurationError, match=f"^settings must be of .*, got {name}; {hint}"):
        kind(Stack(App(), "S"), "Key", **option)


def test_refuses_it_for_a_key_of_several_regions() -> None:
    option: dict[str, Any] = {"multi_region": True}
    with pytest.raises(ConfigurationError, match=r"got multi_region; MultiRegionKey is the key of several Regions$"):
        MultiRegionKey(Stack(App(), "S", env={"region": "eu-west-1"}), "Key", replicas=[], **option)
