"""ToldCertificate: what a certificate says of itself before it is deployed, be it of this library or of the CDK."""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm, TellsCertificate
from constructs_lib.wiring.given_resources import spoken

_PARTS_OF_AN_ARN = 6
_DEFAULT = KeyAlgorithm.RSA_2048  # https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html


@dataclass(frozen=True, kw_only=True)
class ToldCertificate:
    """What is known of a certificate; None where nobody knows before deployment.

    Attributes:
        called: What a refusal calls it.
        domain_names: The names for which it is valid.
        key_algorithm: Of its key pair.
        region: Where it is.
        account: Whose it is.
    """

    called: str
    domain_names: tuple[str, ...] | None
    key_algorithm: KeyAlgorithm | None
    region: str | None
    account: str | None


def read_certificate(argument: str, given: acm.ICertificate) -> ToldCertificate:
    """Return what a certificate says of itself.

    Args:
        argument: What a refusal calls it.
        given: The certificate.

    Raises:
        ConfigurationError: If it is none, or its ARN is no ARN of ACM, or its key is weaker than RSA 2048.
    """
    if not hasattr(given, "certificate_arn"):
        raise ConfigurationError(
            f"{argument} must be a certificate, such as ManagedCertificate(...) or "
            f"acm.Certificate.from_certificate_arn(...), got {spoken(given)}"
        )
    called = given.node.path
    region, account = _place(argument, given)
    if isinstance(given, TellsCertificate):
        facts = given.certificate_facts
        names, algorithm = facts.domain_names, facts.key_algorithm
        return ToldCertificate(
            called=called, domain_names=names, key_algorithm=algorithm, region=facts.region or region, account=account
        )
    resource = given.node.default_child
    if not isinstance(resource, acm.CfnCertificate):
        return ToldCertificate(called=called, domain_names=None, key_algorithm=None, region=region, account=account)
    return ToldCertificate(
        called=called,
        domain_names=_names(resource),
        key_algorithm=_algorithm(argument, resource),
        region=region,
        account=account,
    )


def is_of_this_app(given: acm.ICertificate) -> bool:
    """Whether a certificate is defined in this app, rather than imported by its ARN.

    Args:
        given: The certificate.
    """
    return isinstance(given, TellsCertificate) or cdk.Resource.is_owned_resource(given)


def _place(argument: str, given: acm.ICertificate) -> tuple[str | None, str | None]:
    # An imported certificate says the Region of its stack; only its ARN knows better.
    if is_of_this_app(given):
        region, account = given.env.region, given.env.account
    elif cdk.Token.is_unresolved(given.certificate_arn):
        return None, None
    else:
        parts = given.certificate_arn.split(":", _PARTS_OF_AN_ARN - 1)
        if len(parts) < _PARTS_OF_AN_ARN or parts[2] != "acm" or not parts[-1].startswith("certificate/"):
            raise ConfigurationError(
                f"{argument} must have an ARN like arn:aws:acm:eu-central-1:111122223333:certificate/..., got "
                f"{given.certificate_arn!r}"
            )
        region, account = parts[3], parts[4]
    return _literal(region), _literal(account)


def _literal(text: str) -> str | None:
    return None if cdk.Token.is_unresolved(text) else text


def _names(resource: acm.CfnCertificate) -> tuple[str, ...] | None:
    alternative = resource.subject_alternative_names
    names = (resource.domain_name, *(alternative or ()))
    if cdk.Token.is_unresolved(alternative) or any(cdk.Token.is_unresolved(name) for name in names):
        return None
    return tuple(name.lower() for name in names)


def _algorithm(argument: str, resource: acm.CfnCertificate) -> KeyAlgorithm | None:
    given = resource.key_algorithm
    if given is None:
        return _DEFAULT
    if cdk.Token.is_unresolved(given):
        return None
    known = {each.value: each for each in KeyAlgorithm}
    if given not in known:
        raise ConfigurationError(
            f"{argument} must have one of the key algorithms {', '.join(known)}, got {resource.node.path} with {given}"
        )
    return known[given]
