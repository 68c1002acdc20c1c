"""Which key algorithm a requested certificate has, and whether it is where its targets can take it."""

from collections.abc import Sequence

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.places import are_apart

ISSUED_BY_ACM = (KeyAlgorithm.RSA_2048, KeyAlgorithm.ECDSA_P256, KeyAlgorithm.ECDSA_P384)
"""https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html#algorithms-term"""


def read_targets(given: object) -> tuple[Target, ...]:
    """Check what will serve a certificate.

    Args:
        given: What was given.

    Raises:
        ConfigurationError: If it is no list of targets.
    """
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"targets must be a list of Target, got {spoken(given)}")
    for target in given:
        if not isinstance(target, Target):
            raise ConfigurationError(f"targets must be a list of members of Target, got {spoken(target)}")
    return tuple(given)


def choose_key_algorithm(given: KeyAlgorithm | None, targets: Sequence[Target]) -> KeyAlgorithm:
    """Return the key algorithm of a certificate: P-256 where all of its targets take that, else RSA 2048.

    Args:
        given: What was asked for; None if nothing was.
        targets: What will serve it; all of them take RSA 2048.

    Raises:
        ConfigurationError: If ACM issues none such, or a target does not take it.

    Examples:
        >>> choose_key_algorithm(None, [Target.CLOUDFRONT])
        <KeyAlgorithm.ECDSA_P256: 'EC_prime256v1'>
    """
    if given is None:
        takes_ecdsa = all(target.takes(KeyAlgorithm.ECDSA_P256) for target in targets)
        return KeyAlgorithm.ECDSA_P256 if takes_ecdsa else KeyAlgorithm.RSA_2048
    if given not in ISSUED_BY_ACM:
        said = f"KeyAlgorithm.{given.name}" if isinstance(given, KeyAlgorithm) else spoken(given)
        names = ", ".join(f"KeyAlgorithm.{each.name}" for each in ISSUED_BY_ACM)
        raise ConfigurationError(f"key_algorithm must be one that ACM issues, of {names}, got {said}")
    for target in targets:
        if not target.takes(given):
            raise ConfigurationError(
                f"key_algorithm must be one that {target.called} takes, got KeyAlgorithm.{given.name}"
            )
    return given


def check_region_of_targets(stack: cdk.Stack, targets: Sequence[Target]) -> None:
    """Refuse a stack whose certificates a target does not take.

    Args:
        stack: Where the certificate is. One whose Region is decided at deployment may be anywhere.
        targets: What will serve it.

    Raises:
        ConfigurationError: If one takes those of another Region only.
    """
    for target in targets:
        if target.only_in is not None and are_apart(stack.region, target.only_in):
            raise ConfigurationError(
                f"scope must be in {target.only_in}, whose certificates {target.called} takes, got {stack.node.path} "
                f"in {stack.region}: define the certificate in a stack of {target.only_in} and hand it over as an "
                "object; what serves it may stay where it is"
            )
