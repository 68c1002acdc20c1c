"""Which hosted zone holds the validation record of which name: plain data, without the CDK."""

from collections.abc import Mapping, Sequence

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.domain_names import without_wildcard


def validated_names(domain_names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that need a record each: a wildcard and its parent share one.

    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html

    Args:
        domain_names: Of a certificate.

    Examples:
        >>> validated_names(["shop.example.com", "*.shop.example.com", "*.example.com"])
        ('shop.example.com', 'example.com')
    """
    return tuple(dict.fromkeys(without_wildcard(each) for each in domain_names))


def plan_validation(domain_names: Sequence[str], zone_names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return by zone which names it validates: each name in the zone with the longest name that contains it.

    Args:
        domain_names: Of a certificate, as `read_domain_names` returns them.
        zone_names: Of hosted zones, likewise.

    Raises:
        ConfigurationError: If two zones have one name, a name is in no zone, or a zone holds no record.

    Examples:
        >>> plan_validation(["*.example.com", "shop.example.org"], ["example.com", "example.org"])
        {'example.com': ('example.com',), 'example.org': ('shop.example.org',)}
    """
    for number, zone in enumerate(zone_names):
        if zone in zone_names[:number]:
            raise ConfigurationError(f"zones must have different names, got {zone} twice: give the one that is public")
    found: dict[str, list[str]] = {zone: [] for zone in zone_names}
    for name in validated_names(domain_names):
        holding = [zone for zone in zone_names if is_in_zone(name, zone)]
        if not holding:
            raise ConfigurationError(
                f"zones must contain each domain name, got {name} in none of {', '.join(zone_names)}"
            )
        found[max(holding, key=len)].append(name)
    for zone, names in found.items():
        if not names:
            raise ConfigurationError(
                f"zones must hold a validation record each, got {zone} without one: no domain name is in it, or a "
                "zone with a longer name has it"
            )
    return {zone: tuple(names) for zone, names in found.items()}


def is_in_zone(name: str, zone: str) -> bool:
    """Say whether a record of a name stands in a zone.

    Args:
        name: Without a wildcard.
        zone: The name of the zone.

    Examples:
        >>> is_in_zone("shop.example.com", "example.com"), is_in_zone("myexample.com", "example.com")
        (True, False)
    """
    return name == zone or name.endswith(f".{zone}")
