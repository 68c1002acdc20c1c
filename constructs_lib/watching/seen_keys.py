"""What a watch must know of a key, of whatever make: where it is, what it is called, what can happen to it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.alias_name import PREFIX
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_address import KeyAddress
from constructs_lib.key_kind import KeyKind
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.key_events import WatchedName
from constructs_lib.watching.short_address import short_address
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.named_keys import named_keys
from constructs_lib.wiring.places import distance_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lib.wiring.named_keys import Keys

_SYMMETRIC = "SYMMETRIC_DEFAULT"
_IMPORTED = "EXTERNAL"
_OF_SEVERAL_REGIONS = "mrk-"

_ROTATION = frozenset({KeyEvent.ROTATED, KeyEvent.ROTATION_CHANGED})
_MATERIAL = frozenset({KeyEvent.MATERIAL_CHANGED, KeyEvent.MATERIAL_EXPIRED})


@dataclass(frozen=True, kw_only=True)
class SeenKey:
    """A key that is watched.

    Attributes:
        key: The key itself.
        name: How rules and messages call it.
        aliases: Its aliases, so far as they were given together with it.
        cannot: What cannot happen to it. Of a key of another app, everything may.
        is_imported: Whether its material was surely brought from outside.
    """

    key: "kms.IKey"
    name: WatchedName
    aliases: tuple[str, ...]
    cannot: frozenset[KeyEvent]
    is_imported: bool

    @property
    def label(self) -> str:
        """What tells it from others in the names of constructs, as long as it stays where it is."""
        return short_address(self.key)


def read_keys(scope: "Construct", keys: "Keys") -> list[SeenKey]:
    """Read what a watch must know of its keys.

    Args:
        scope: Where the watch will be.
        keys: The keys, or alias to key.

    Raises:
        ConfigurationError: If there are none, if one is no key, is given twice, is of another account or Region, or is
            known by an alias alone, since events name keys by their ARN.
    """
    read = [_read(scope, each.key, each.alias) for each in named_keys(keys)]
    if not read:
        raise ConfigurationError("keys must name what is watched, got nothing")
    arns = [each.name.arn for each in read]
    for each in read:
        if arns.count(each.name.arn) > 1:
            raise ConfigurationError(f"keys must name each key once, got {each.key.node.path} twice")
    return read


def announce_nameless(watch: "Construct", watched: "Sequence[SeenKey]") -> None:
    """Say which keys messages call by their place in the app, since nobody here sees an alias of theirs.

    Args:
        watch: The watch.
        watched: Its keys.
    """
    nameless = [each.name.called for each in watched if not each.aliases]
    if nameless:
        cdk.Annotations.of(watch).add_info_v2(
            "cdk-key-management:keys-without-alias",
            f"no alias is seen here of {', '.join(nameless)}: messages call these keys so, and nobody is told who "
            "moves an alias of theirs; a mapping names them, such as keys={'orders': key}",
        )


def _read(scope: "Construct", key: "kms.IKey", given: str | None) -> SeenKey:
    if not (hasattr(key, "key_arn") and hasattr(key, "add_to_resource_policy")):
        raise ConfigurationError(
            f"keys must be keys, such as EncryptionKey(...) or ExistingKey.from_arn(...), got {spoken(key)}"
        )
    further: tuple[str, ...] = () if given is None else (given,)
    if isinstance(key, kms.Alias):
        further += tuple(each.alias_name for each in key.node.find_all() if isinstance(each, kms.CfnAlias))
        key = key.alias_target_key
    if str(key.key_id).startswith(PREFIX) or f":{PREFIX}" in key.key_arn:
        raise ConfigurationError(
            "keys must be known by their ARN, by which events name them, such as ExistingKey.from_lookup(...), got "
            f"{key.node.path}, known by {key.key_id}"
        )
    _check_place(scope, key)
    aliases = tuple(dict.fromkeys((*further, *_aliases(key))))
    literal = [alias for alias in aliases if not cdk.Token.is_unresolved(alias)]
    facts = _Facts.of(key)
    return SeenKey(
        key=key,
        name=WatchedName(arn=key.key_arn, called=literal[0] if literal else key.node.path),
        aliases=aliases,
        cannot=facts.cannot(),
        is_imported=facts.origin == _IMPORTED,
    )


def _aliases(key: "kms.IKey") -> list[str]:
    made = [each.alias_name for each in key.node.find_all() if isinstance(each, kms.CfnAlias)]
    address = getattr(key, "_address", None)  # an ExistingKey knows by which alias it was looked up
    return [address.alias] if isinstance(address, KeyAddress) and address.alias is not None else made


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What is known of a key: None where nobody knows before deployment."""

    spec: str | None
    origin: str | None
    is_of_several_regions: bool | None

    @classmethod
    def of(cls, key: "kms.IKey") -> "_Facts":
        resource = key.node.default_child
        if isinstance(resource, kms.CfnKey):
            several = resource.multi_region
            return cls(
                spec=_known(resource.key_spec, _SYMMETRIC),
                origin=_known(resource.origin, "AWS_KMS"),
                is_of_several_regions=_known_switch(several),
            )
        if isinstance(resource, kms.CfnReplicaKey):
            return cls(spec=None, origin=None, is_of_several_regions=True)
        kind = getattr(key, "kind", None)
        rotates = kind.rotates if isinstance(kind, KeyKind) else True
        key_id = key.key_id
        several = None if cdk.Token.is_unresolved(key_id) else key_id.startswith(_OF_SEVERAL_REGIONS)
        return cls(spec=None if rotates else "", origin=None, is_of_several_regions=several)

    def cannot(self) -> frozenset[KeyEvent]:
        impossible: set[KeyEvent] = set()
        if self.spec not in {None, _SYMMETRIC}:
            impossible |= _ROTATION
        if self.origin not in {None, _IMPORTED}:
            impossible |= _MATERIAL
        if self.is_of_several_regions is False:
            impossible.add(KeyEvent.REPLICATED)
        return frozenset(impossible)


def _known(value: Any, usual: str) -> str | None:  # noqa: ANN401  # a property of an L1, which may be a token
    if value is None:
        return usual
    return value if isinstance(value, str) and not cdk.Token.is_unresolved(value) else None


def _known_switch(value: object) -> bool | None:
    return bool(value) if value is None or isinstance(value, bool) else None


def _check_place(scope: "Construct", key: "kms.IKey") -> None:
    apart = distance_of(cdk.Stack.of(scope), key)
    if apart is not None:
        raise ConfigurationError(
            f"keys must be of {apart.what} {apart.here}, whose events the rules see, got {key.node.path} of "
            f"{apart.there}"
        )
