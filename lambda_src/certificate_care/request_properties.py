"""What a template says of a certificate to request: these names bind both sides.

| property | what it says | untold |
|---|---|---|
| `DomainName` | the first name | it must be told |
| `SubjectAlternativeNames` | a list of further names | none |
| `KeyAlgorithm` | by ACM's name | it must be told |
| `Export` | `ENABLED` or `DISABLED` | `DISABLED` |
| `Tags` | a list of `{"Key": ..., "Value": ...}` | it must be told |
| `Zones` | a list of hosted zones, see below | nobody here writes the records: they are answered at once |

A zone says `HostedZoneId`, `DomainNames` (the names that it validates, without `*.`), maybe `RoleArn` (the role that
writes into it; untold: the function itself does) and maybe `ExternalId` (what that role asks for).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from certificate_care.errors import InvalidEvent
from certificate_care.validation_records import without_wildcard

DOMAIN_NAME: Final = "DomainName"
ALTERNATIVE_NAMES: Final = "SubjectAlternativeNames"
KEY_ALGORITHM: Final = "KeyAlgorithm"
EXPORT: Final = "Export"
TAGS: Final = "Tags"
ZONES: Final = "Zones"
HOSTED_ZONE_ID: Final = "HostedZoneId"
DOMAIN_NAMES: Final = "DomainNames"
ROLE_ARN: Final = "RoleArn"
EXTERNAL_ID: Final = "ExternalId"

EXPORTS: Final = ("ENABLED", "DISABLED")
ALGORITHMS: Final = ("RSA_2048", "EC_prime256v1", "EC_secp384r1")
"""What ACM issues: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html"""

MOST_NAMES: Final = 100
MOST_TAGS: Final = 50
_NAME: Final = re.compile(r"(\*\.)?((?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")
_LONGEST_NAME: Final = 253
_ZONE_ID: Final = re.compile(r"[A-Z0-9]{1,32}")
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)
_EXTERNAL_ID: Final = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_LONGEST_KEY, _LONGEST_VALUE = 128, 256
_LONGEST_QUOTE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A hosted zone that validation records are written into.

    Attributes:
        hosted_zone_id: Its id.
        domain_names: The names that it validates, without `*.`.
        role_arn: The role that writes; empty if the function does.
        external_id: What that role asks for; empty if it asks for none.
    """

    hosted_zone_id: str
    domain_names: tuple[str, ...]
    role_arn: str = ""
    external_id: str = ""

    @classmethod
    def of(cls, given: object) -> Self:
        """Read a zone.

        Args:
            given: What the template says of it.

        Returns:
            The same, checked.

        Raises:
            InvalidEvent: If it says something else than it may.
        """
        if not isinstance(given, Mapping):
            raise InvalidEvent(f"{ZONES} must be a list of objects, got {type(given).__name__} in it")
        zone = cls(
            hosted_zone_id=_matching(HOSTED_ZONE_ID, given.get(HOSTED_ZONE_ID), _ZONE_ID),
            domain_names=tuple(_name(DOMAIN_NAMES, each) for each in _list(DOMAIN_NAMES, given.get(DOMAIN_NAMES))),
            role_arn=_matching(ROLE_ARN, given[ROLE_ARN], _ROLE) if given.get(ROLE_ARN) else "",
            external_id=_matching(EXTERNAL_ID, given[EXTERNAL_ID], _EXTERNAL_ID) if given.get(EXTERNAL_ID) else "",
        )
        if zone.external_id and not zone.role_arn:
            raise InvalidEvent(f"{EXTERNAL_ID} must be told with {ROLE_ARN}, got it alone")
        return zone


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedCertificate:
    """A certificate as the template wants it.

    Attributes:
        domain_names: Its names; the first is the subject's.
        key_algorithm: By ACM's name.
        export: `ENABLED` or `DISABLED`.
        tags: By key.
        zones: Where its validation records are written; none if somebody else writes them.
    """

    domain_names: tuple[str, ...]
    key_algorithm: str
    export: str
    tags: Mapping[str, str]
    zones: tuple[Zone, ...]

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Self:
        """Read the properties. Unknown ones are passed over.

        Args:
            properties: What CloudFormation sends.

        Returns:
            The same, checked.

        Raises:
            InvalidEvent: If they say something else than they may.
        """
        further = _list(ALTERNATIVE_NAMES, properties.get(ALTERNATIVE_NAMES, []))
        names = (_name(DOMAIN_NAME, properties.get(DOMAIN_NAME)), *(_name(ALTERNATIVE_NAMES, each) for each in further))
        if len(names) > MOST_NAMES:
            raise InvalidEvent(f"{ALTERNATIVE_NAMES} must be at most {MOST_NAMES - 1} names, got {len(names) - 1}")
        read = cls(
            domain_names=tuple(dict.fromkeys(names)),
            key_algorithm=_one_of(KEY_ALGORITHM, properties.get(KEY_ALGORITHM), ALGORITHMS),
            export=_one_of(EXPORT, properties.get(EXPORT, "DISABLED"), EXPORTS),
            tags=_tags(properties),
            zones=tuple(Zone.of(each) for each in _list(ZONES, properties.get(ZONES, []))),
        )
        read._check_zones()
        return read

    @property
    def validated_names(self) -> tuple[str, ...]:
        """The names that need a record each, without `*.`."""
        return tuple(dict.fromkeys(without_wildcard(each) for each in self.domain_names))

    def _check_zones(self) -> None:
        told = sorted(name for zone in self.zones for name in zone.domain_names)
        if self.zones and told != sorted(self.validated_names):
            raise InvalidEvent(f"{ZONES} must name each of {sorted(self.validated_names)} once, got {told}")


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    """Read the tags.

    Args:
        properties: What CloudFormation sends.

    Returns:
        Values by key.

    Raises:
        InvalidEvent: If they are none.
    """
    found: dict[str, str] = {}
    for each in _list(TAGS, properties.get(TAGS)):
        key, value = (each.get("Key"), each.get("Value")) if isinstance(each, Mapping) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str):
            raise InvalidEvent(f"{TAGS} must be a list of a Key and a Value each, got {type(each).__name__} in it")
        if not 0 < len(key) <= _LONGEST_KEY or len(value) > _LONGEST_VALUE or key in found:
            raise InvalidEvent(f"{TAGS} must be as ACM takes them, got {key[:_LONGEST_QUOTE]!r}")
        found[key] = value
    if not 0 < len(found) <= MOST_TAGS:
        raise InvalidEvent(f"{TAGS} must be 1 to {MOST_TAGS}, got {len(found)}")
    return found


def _list(name: str, given: object) -> Sequence[object]:
    if not isinstance(given, list):
        raise InvalidEvent(f"{name} must be a list, got {type(given).__name__}")
    return given


def _name(argument: str, given: object) -> str:
    if not isinstance(given, str) or len(given) > _LONGEST_NAME or not _NAME.fullmatch(given):
        raise InvalidEvent(f"{argument} must be a domain name in lower case, got {_quoted(given)}")
    return given


def _one_of(argument: str, given: object, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise InvalidEvent(f"{argument} must be one of {list(allowed)}, got {_quoted(given)}")
    return str(given)


def _matching(argument: str, given: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(given, str) or not pattern.fullmatch(given):
        raise InvalidEvent(f"{argument} must be as AWS writes it, got {_quoted(given)}")
    return given


def _quoted(given: object) -> str:
    return repr(given[:_LONGEST_QUOTE]) if isinstance(given, str) else type(given).__name__
