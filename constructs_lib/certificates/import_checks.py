"""ImportChecks: what the importing function is told to demand of a certificate before it imports it.

All of it stands in the function's configuration, so that no event can ask for less.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.certificates.import_anchors import ANCHORS_FILE, read_trust_anchors
from constructs_lib.certificates.key_choice import read_targets
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.domain_names import read_domain_names
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs_lib.wiring.certificate_targets import Target

# As `certificate_care.import_settings` reads them.
_SECRET_ARN = "SECRET_ARN"  # noqa: S105  # the name of a variable
_DOMAIN_NAMES, _KEY_ALGORITHMS = "DOMAIN_NAMES", "KEY_ALGORITHMS"
_LEAST_DAYS_LEFT, _TRUST_ANCHORS = "LEAST_DAYS_LEFT", "TRUST_ANCHORS"

_MOST_NAMES = 100
_LONGEST_NAMES = 3_000
"""Characters of all names, with which the variables of a function stay below their 4 KB.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""
_DAYS = range(1, 366)


@dataclass(frozen=True, kw_only=True)
class ImportChecks:
    """What must be true of a certificate that is imported.

    Attributes:
        domain_names: The names that it must cover.
        key_algorithms: The algorithms that its key may have; None if all that ACM takes may.
        least_days_left: How many days it must still be valid.
        trust_anchors: The roots to one of which its chain must lead, in PEM; none if any will do.
    """

    domain_names: tuple[str, ...]
    key_algorithms: tuple[KeyAlgorithm, ...] | None
    least_days_left: int
    trust_anchors: tuple[str, ...]

    @property
    def only_algorithm(self) -> KeyAlgorithm | None:
        """The only algorithm that its key may have; None if there are several."""
        algorithms = self.key_algorithms or ()
        return algorithms[0] if len(algorithms) == 1 else None

    def variables(self, secret_arn: str) -> dict[str, str]:
        """Return what the function reads from its environment.

        Args:
            secret_arn: The secret that holds the certificate.
        """
        variables = {
            _SECRET_ARN: secret_arn,
            _DOMAIN_NAMES: ",".join(self.domain_names),
            _LEAST_DAYS_LEFT: str(self.least_days_left),
        }
        if self.key_algorithms is not None:
            variables[_KEY_ALGORITHMS] = ",".join(each.value for each in self.key_algorithms)
        if self.trust_anchors:
            variables[_TRUST_ANCHORS] = ANCHORS_FILE
        return variables

    def told(self, secret_arn: str) -> dict[str, str]:
        """Return the same for CloudFormation, which asks the function again when a part of it is another one.

        Args:
            secret_arn: The secret that holds the certificate.
        """
        variables = self.variables(secret_arn)
        if self.trust_anchors:
            variables[_TRUST_ANCHORS] = hashlib.sha256("".join(self.trust_anchors).encode()).hexdigest()
        return variables

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """What stands in the asset of the function beside its code, as pairs of name and content."""
        return ((ANCHORS_FILE, "".join(self.trust_anchors)),) if self.trust_anchors else ()


def read_import_checks(
    *,
    domain_names: Sequence[str],
    targets: "Sequence[Target]",
    trust_anchors: Sequence[str],
    least_days_left: cdk.Duration,
) -> ImportChecks:
    """Check what somebody demands of certificates.

    Args:
        domain_names: The names that each must cover.
        targets: Where it will serve.
        trust_anchors: The roots to one of which its chain must lead.
        least_days_left: How long each must still be valid.

    Raises:
        ConfigurationError: If a value is none, or no key would be taken by all targets.
    """
    names = read_domain_names("domain_names", domain_names, most=_MOST_NAMES)
    if len(",".join(names)) > _LONGEST_NAMES:
        raise ConfigurationError(
            f"domain_names must have at most {_LONGEST_NAMES} characters together, got {len(','.join(names))}"
        )
    return ImportChecks(
        domain_names=names,
        key_algorithms=_taken_by(read_targets(targets)),
        least_days_left=_read_days(least_days_left),
        trust_anchors=read_trust_anchors(trust_anchors),
    )


def _taken_by(targets: "Sequence[Target]") -> tuple[KeyAlgorithm, ...] | None:
    taken = tuple(each for each in KeyAlgorithm if all(target.takes(each) for target in targets))
    return None if len(taken) == len(KeyAlgorithm) else taken


def _read_days(given: object) -> int:
    days = given.to_days(integral=False) if isinstance(given, cdk.Duration) else None
    if days is None or days not in _DAYS:  # a range holds whole numbers only
        said = given.to_human_string() if isinstance(given, cdk.Duration) else spoken(given)
        raise ConfigurationError(
            f"least_days_left must be a Duration of {_DAYS.start} to {_DAYS.stop - 1} whole days, got {said}"
        )
    return int(days)
