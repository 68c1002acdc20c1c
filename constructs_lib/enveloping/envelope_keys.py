"""The keys of a construct of envelope encryption: which they may be, and which must be others than those."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_kms as kms

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY, WRAP_DATA_KEY
from constructs_lib.enveloping.key_ids import key_id_in
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import check_symmetric_keys, spoken

# https://docs.aws.amazon.com/kms/latest/developerguide/mrk-how-it-works.html
_MULTI_REGION = ":key/mrk-"

FURTHER_KEYS_MAX = 4
"""Beside the first key: readers look at five encrypted data keys of a message, and the handler refuses more."""

FROM_KEYS_MAX = 20
"""Keys under which old messages may be: their ARNs fill not half of the 4 KB that a function's environment has.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


@dataclass(frozen=True, kw_only=True)
class KeyUse:
    """What a function does with one envelope key.

    Attributes:
        key: The key.
        actions: Exact IAM actions.
    """

    key: kms.IKey
    actions: tuple[str, ...]


def check_keys(envelope: Mapping[str, kms.IKey], others: Mapping[str, kms.IKey]) -> None:
    """Refuse keys of another kind or by alias, an envelope key twice, and one that encrypts something else as well.

    The keys of a multi-Region set are one key: each opens what another encrypted.

    Args:
        envelope: What messages are encrypted under: name in messages to key.
        others: What logs and queues are encrypted under.

    Raises:
        ConfigurationError: If a key is none for data keys, is known by its alias alone, or is two of them at once.
    """
    check_symmetric_keys({**envelope, **others})
    seen: dict[str, set[str]] = {}
    for name, key in {**envelope, **others}.items():
        # An alias is an IKey too, but IAM and a key policy know only the key's own ARN.
        if isinstance(key, kms.Alias) or ":alias/" in key.key_arn:
            raise ConfigurationError(f"{name} must be the key itself, got its alias")
        material = material_of(key)
        same = next((each for each in seen if seen[each] & material), None)
        if same is not None and same in envelope:
            other = {**envelope, **others}[same]
            has_twins = _MULTI_REGION in key.key_arn or any(getattr(each, "twins", None) for each in (key, other))
            is_twin = has_twins and other.key_arn != key.key_arn
            got = f"{key.node.path}, the same multi-Region key" if is_twin else f"{key.node.path} for both"
            raise ConfigurationError(f"{name} must be another key than {same}, got {got}")
        seen[name] = material


def material_of(key: kms.IKey) -> set[str]:
    """Return names of what a key encrypts with: a multi-Region key has the same in each Region, and an alias none else.

    Args:
        key: A key, or an alias of one.
    """
    while isinstance(key, kms.Alias):
        key = key.alias_target_key
    twins: Mapping[str, kms.IKey] = getattr(key, "twins", {})
    return {key_id_in(each.key_arn) for each in (key, *twins.values())}


def numbered(name: str, keys: object, *, most: int = FURTHER_KEYS_MAX) -> dict[str, kms.IKey]:
    """Return a list of keys with their names in messages.

    Args:
        name: The argument.
        keys: Its value.
        most: How many there may be. Default: as many as one message has beside its first key.

    Raises:
        ConfigurationError: If it is no list, or holds more.
    """
    if isinstance(keys, str) or not isinstance(keys, Sequence):
        raise ConfigurationError(f"{name} must be a list of keys, got {spoken(keys)}")
    if len(keys) > most:
        raise ConfigurationError(f"{name} must be at most {most} keys, got {len(keys)}")
    return {f"{name}[{number}]": key for number, key in enumerate(keys)}


def to_encrypt(key: kms.IKey, further_keys: Sequence[kms.IKey]) -> list[KeyUse]:
    """Return what writing messages needs: a data key of one key, wrapped by the others as well.

    Args:
        key: The key that makes data keys.
        further_keys: The others.
    """
    wraps = [KeyUse(key=each, actions=WRAP_DATA_KEY) for each in further_keys]
    return [KeyUse(key=key, actions=GENERATE_DATA_KEY), *wraps]


def to_decrypt(keys: Sequence[kms.IKey]) -> list[KeyUse]:
    """Return what reading messages needs.

    Args:
        keys: Every key that may have wrapped their data keys.
    """
    return [KeyUse(key=key, actions=DECRYPT) for key in keys]


def merged(uses: Iterable[KeyUse]) -> list[KeyUse]:
    """Return the same uses, one for each key.

    Args:
        uses: Of any keys.
    """
    found: dict[str, KeyUse] = {}
    for use in uses:
        before = found.get(use.key.key_arn)
        actions = (*(before.actions if before else ()), *use.actions)
        found[use.key.key_arn] = KeyUse(key=use.key, actions=tuple(dict.fromkeys(actions)))
    return list(found.values())
