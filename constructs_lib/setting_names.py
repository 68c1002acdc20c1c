"""What a setting is called, for people who call it otherwise: as `kms.Key` does, or as another kind of key does."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from constructs_lib.key_kind import KeyKind

_REALLY_CLOSE = 0.8
_PEOPLE = ("encrypters", "decrypters", "signers", "verifiers", "generators", "derivers", "peers")
_POLICY = "the arguments for people, and add_to_resource_policy, write the policy"
_CLASS = "there is a class for each kind of key"
_REGIONS = "MultiRegionKey is the key of several Regions"

# Names of `kms.Key` and of CloudFormation, and what people write for ours.
_CALLED: Mapping[str, str] = {
    "admins": "say administrators",
    "alias_name": "say alias",
    "aliases": "say alias, and add_alias for further ones",
    "enabled": "say state=KeyState.DISABLED for a key that does not answer",
    "key_policy": _POLICY,
    "key_spec": "say spec",
    "key_usage": _CLASS,
    "multi_region": _REGIONS,
    "origin": "say material",
    "pending_window": "say waiting_period",
    "pending_window_in_days": "say waiting_period",
    "policy": _POLICY,
    "region": _REGIONS,
    "removal_policy": "say lifecycle",
    "replicas": _REGIONS,
    "trust_account_identities": "say administration",
    "users": "say who of them does what",
}
_SPEC = ("key_spec", "spec")
_ROTATION = ("enable_key_rotation", "rotation", "rotation_period", "rotation_period_in_days", "key_rotation")


def check_setting_names(given: Iterable[str], settings: Iterable[str], kind: "KeyKind") -> None:
    """Refuse a name that is not one of the settings, and say what is.

    Args:
        given: The names.
        settings: Those of every kind of key.
        kind: What the key can do; its own people and whatever else its constructor takes are settings as well.

    Raises:
        ConfigurationError: If there is no such setting.
    """
    every = tuple(settings)
    for name in given:
        if name not in every:
            own = (*kind.people, *(("rotation_period", "services") if kind.rotates else ("spec",)))
            known = sorted((*every, *own))
            raise ConfigurationError(f"settings must be of {', '.join(known)}, got {name}{_hint(name, known, kind)}")


def _hint(name: str, known: list[str], kind: "KeyKind") -> str:
    if name in _ROTATION:
        return (
            "; the key rotates by itself, once in each rotation_period"
            if kind.rotates
            else f"; KMS does not rotate {kind.name}: KeySuccession puts the next one behind its alias"
        )
    if name in _PEOPLE:
        return f"; who uses {kind.name} is named by {', '.join(kind.people)}"
    if name in _SPEC and "spec" not in known:
        return f"; the spec of {kind.name} is always the same"
    if name in _CALLED:
        return f"; {_CALLED[name]}"
    close = get_close_matches(name, known, n=1, cutoff=_REALLY_CLOSE)
    return f" (did you mean {close[0]}?)" if close else ""
