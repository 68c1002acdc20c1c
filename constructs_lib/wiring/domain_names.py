"""Domain names as certificates have them: ASCII, lower case, a wildcard only as the whole first label.

International names are mapped as browsers do it: UTS #46, non-transitional, with the rules of STD 3.
https://www.unicode.org/reports/tr46/
"""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

WILDCARD = "*."
_LONGEST_NAME = 253  # https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4, without the dot of the root
_MOST = 10


def read_domain_name(argument: str, given: str) -> str:
    """Check a domain name and return it as DNS and certificates have it.

    Names that a top-level registry hands out (`co.uk`) and wildcards over them are refused, as no authority may issue
    a certificate for them: https://cabforum.org/working-groups/server/baseline-requirements/requirements/, 3.2.2.6.

    Args:
        argument: What a refusal calls it.
        given: The name, in any script; may begin with `*.`.

    Raises:
        ConfigurationError: If it is no such name, or known only when it is deployed.

    Examples:
        >>> read_domain_name("domain_name", "*.Bücher.example")
        '*.xn--bcher-kva.example'
    """
    if isinstance(given, str) and cdk.Token.is_unresolved(given):
        raise ConfigurationError(
            f"{argument} must be written out, since it is checked before it is deployed, got a value that is known "
            "only at deployment"
        )
    if not isinstance(given, str):
        raise ConfigurationError(f"{argument} must be a domain name, such as shop.example.com, got {spoken(given)}")
    base = without_wildcard(given)
    _check_written(argument, given, base)
    name = _in_ascii(argument, given, base)
    if len(name) + len(given) - len(base) > _LONGEST_NAME:
        raise ConfigurationError(f"{argument} must be at most {_LONGEST_NAME} characters in DNS, got {given!r}")
    if _suffix_of(name) == name:
        raise ConfigurationError(
            f"{argument} must be a name below a public suffix, for which no certificate is issued, got {given!r}"
        )
    _check_full(argument, given, name)
    return f"{WILDCARD}{name}" if base != given else name


def read_domain_names(argument: str, given: Sequence[str], *, most: int = _MOST) -> tuple[str, ...]:
    """Check the domain names of a certificate and return them as DNS has them, in the order given.

    Args:
        argument: What a refusal calls them.
        given: The names.
        most: How many there may be. Default: 10, which ACM takes unless the account's quota is raised.

    Raises:
        ConfigurationError: If they are no list, none, too many, one is no domain name, or one is named twice.

    Examples:
        >>> read_domain_names("domain_names", ["shop.example.com", "*.shop.example.com"])
        ('shop.example.com', '*.shop.example.com')
    """
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"{argument} must be a list of domain names, got {spoken(given)}")
    if not 0 < len(given) <= most:
        raise ConfigurationError(f"{argument} must be 1 to {most} domain names, got {len(given)}")
    read: list[str] = []
    for number, each in enumerate(given):
        name = read_domain_name(f"{argument}[{number}]", each)
        if name in read:
            raise ConfigurationError(f"{argument} must name each domain name once, got {name} twice")
        read.append(name)
    return tuple(read)


def covers(certificate_names: Sequence[str], name: str) -> bool:
    """Say whether a certificate of these names is valid for a name.

    A wildcard stands for exactly one label. A name with a wildcard is covered by the very same only.
    https://www.rfc-editor.org/rfc/rfc9525#section-6.3

    Args:
        certificate_names: As `read_domain_names` returns them.
        name: As `read_domain_name` returns it.

    Examples:
        >>> covers(["*.example.com"], "shop.example.com"), covers(["*.example.com"], "a.shop.example.com")
        (True, False)
    """
    label, _, parent = name.partition(".")
    return name in certificate_names or (label != "*" and f"{WILDCARD}{parent}" in certificate_names)


def ascii_name(argument: str, given: str) -> str:
    """Return a name as DNS has it, in ASCII and lower case, be it one that a certificate may have or not.

    Args:
        argument: What a refusal calls it.
        given: The name, in any script, of one label or more.

    Raises:
        ConfigurationError: If DNS could not have it.

    Examples:
        >>> ascii_name("zone_name", "Bücher.internal")
        'xn--bcher-kva.internal'
    """
    return _in_ascii(argument, given, given)


def without_wildcard(name: str) -> str:
    """Return the name whose validation record a name shares.

    Args:
        name: A domain name, maybe with `*.`.

    Examples:
        >>> without_wildcard("*.shop.example.com")
        'shop.example.com'
    """
    return name.removeprefix(WILDCARD)


def is_below_public_suffix(name: str) -> bool:
    """Say whether a name lies below a suffix of the public DNS, without which no public authority issues for it.

    Args:
        name: As `read_domain_name` returns it.

    Examples:
        >>> is_below_public_suffix("shop.example.com"), is_below_public_suffix("shop.internal")
        (True, False)
    """
    return _suffix_of(without_wildcard(name)) is not None


def _check_written(argument: str, given: str, base: str) -> None:
    if "*" in base:
        raise ConfigurationError(
            f"{argument} must have a wildcard only as its whole first label, such as *.example.com, got {given!r}"
        )
    if _is_address(base):
        raise ConfigurationError(f"{argument} must be a domain name, got the IP address {given!r}")
    if not base or base != base.strip() or any(mark in base for mark in "/:@"):
        raise ConfigurationError(
            f"{argument} must be a domain name alone, such as shop.example.com, without a scheme, a port or a path, "
            f"got {given!r}"
        )


def _in_ascii(argument: str, given: str, base: str) -> str:
    import idna  # noqa: PLC0415  # its tables take time to load, and most apps have no certificate

    try:
        return idna.encode(base, uts46=True, std3_rules=True, transitional=False).decode("ascii")
    except idna.IDNAError as error:
        raise ConfigurationError(f"{argument} must be a domain name, got {given!r}: {_in_lower_case(error)}") from error


def _check_full(argument: str, given: str, name: str) -> None:
    labels = name.split(".")
    if len(labels) == 1 or not labels[-1] or labels[-1].isdigit():
        raise ConfigurationError(
            f"{argument} must be a full domain name, such as shop.example.com, without a dot at its end, got {given!r}"
        )


def _in_lower_case(error: Exception) -> str:
    text = str(error).rstrip(".")
    return text[:1].lower() + text[1:]


def _is_address(base: str) -> bool:
    try:
        ipaddress.ip_address(base.strip("[]"))
    except ValueError:
        return False
    return True


def _suffix_of(name: str) -> str | None:
    """Return the suffix of the public DNS that a name has, which may be all of it; None if it has none."""
    found: str | None = _public_suffixes().publicsuffix(name, accept_unknown=False)
    return found


@lru_cache(maxsize=1)
def _public_suffixes() -> "PublicSuffixList":
    # What companies add to the list for their own names (github.io) is theirs to get certificates for.
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415  # 10,000 suffixes are read with it

    return PublicSuffixList(only_icann=True)
