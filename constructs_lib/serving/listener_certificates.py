"""The certificates of a listener: the first is served by default, the others by the name that a client asks for."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_certificatemanager as acm

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
_MOST_BESIDE_THE_DEFAULT = 25


def name_certificates(given: "Sequence[acm.ICertificate]") -> "Mapping[str, acm.ICertificate]":
    """Return each certificate by what a refusal calls it.

    Args:
        given: The certificates.

    Raises:
        ConfigurationError: If there is none, or there are more than a load balancer takes.
    """
    if hasattr(given, "certificate_arn") or not given or len(given) > _MOST_BESIDE_THE_DEFAULT + 1:
        got = f"{len(given)}" if isinstance(given, Sequence) else spoken(given)
        raise ConfigurationError(f"certificates must be 1 to {_MOST_BESIDE_THE_DEFAULT + 1} certificates, got {got}")
    return {f"certificates[{index}]": each for index, each in enumerate(given)}


def serve_certificates(given: "Sequence[acm.ICertificate]") -> list[elbv2.IListenerCertificate]:
    """Return the certificates as a listener takes them.

    Args:
        given: The certificates.
    """
    return [elbv2.ListenerCertificate.from_arn(each.certificate_arn) for each in given]
