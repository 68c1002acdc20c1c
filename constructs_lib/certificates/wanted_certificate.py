"""WantedCertificate: what a public certificate is to be, checked, as plain data."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.domain_names import is_below_public_suffix, read_domain_name, read_domain_names
from constructs_lib.wiring.given_resources import spoken

_LONGEST_COMMON_NAME = 64
_MOST_NAMES_EVER = 100  # https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html


class Export(Enum):
    """Whether a public certificate may leave AWS together with its private key, by ACM's word.

    That cannot be changed later, and ACM charges for a certificate that may. Who then exports it, IAM says.
    https://docs.aws.amazon.com/acm/latest/userguide/acm-exportable-certificates.html
    """

    NEVER = "DISABLED"
    ALLOWED = "ENABLED"


@dataclass(frozen=True, kw_only=True)
class WantedCertificate:
    """A public certificate as somebody wants it.

    Attributes:
        domain_names: Its names; the subject's is the first, the others are sorted, since their order means nothing.
        key_algorithm: Of its key pair.
        export: Whether it may leave AWS.
    """

    domain_names: tuple[str, ...]
    key_algorithm: KeyAlgorithm
    export: Export

    @property
    def alternative_names(self) -> list[str]:
        """The names beside the first."""
        return list(self.domain_names[1:])

    def fingerprint(self, *further: str) -> str:
        """Return letters and digits that change when ACM must issue another certificate.

        Args:
            *further: What else makes it another one.
        """
        said = [self.domain_names, self.key_algorithm.value, self.export.value, *further]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8]


def read_names(domain_name: str, alternative_names: Sequence[str], *, most: int) -> tuple[str, ...]:
    """Check the names of a public certificate.

    Args:
        domain_name: The subject's.
        alternative_names: The others.
        most: How many there may be.

    Raises:
        ConfigurationError: If a name is none, no public authority may issue for it, the first is longer than a
            subject's name may be, one is named twice, or there are more than ACM takes.
    """
    if not isinstance(most, int) or isinstance(most, bool) or not 0 < most <= _MOST_NAMES_EVER:
        raise ConfigurationError(f"most_names must be 1 to {_MOST_NAMES_EVER}, got {spoken(most)}")
    first = read_domain_name("domain_name", domain_name)
    if len(first) > _LONGEST_COMMON_NAME:
        raise ConfigurationError(
            f"domain_name must be at most {_LONGEST_COMMON_NAME} characters, as the name of a subject is, got "
            f"{len(first)}: give a shorter one of the names, and this one among alternative_names"
        )
    others: tuple[str, ...] = ()
    if isinstance(alternative_names, str) or not isinstance(alternative_names, Sequence) or alternative_names:
        others = read_domain_names("alternative_names", alternative_names, most=_MOST_NAMES_EVER)
    if first in others:
        raise ConfigurationError(f"alternative_names must name each domain name once, got {first}, the domain_name")
    if 1 + len(others) > most:
        raise ConfigurationError(
            f"alternative_names must be at most {most - 1} beside domain_name, got {len(others)}: where AWS raised the "
            f"quota of this account, most_names={1 + len(others)} says so"
        )
    names = (first, *sorted(others))
    for name in names:
        if not is_below_public_suffix(name):
            raise ConfigurationError(
                f"domain_name and alternative_names must be names of the public DNS, for which ACM issues "
                f"certificates, got {name}"
            )
    return names
