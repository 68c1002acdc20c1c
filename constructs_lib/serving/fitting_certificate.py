"""Whether certificates fit what is to serve them: names, Region, account and key algorithm."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.serving.awaited_records import hint_records
from constructs_lib.serving.told_certificate import ToldCertificate, is_of_this_app, read_certificate
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target
from constructs_lib.wiring.domain_names import covers, read_domain_name
from constructs_lib.wiring.places import are_apart

_PARTITION = "aws"  # of `Target.only_in`


def check_certificates(
    scope: Construct, target: Target, *, certificates: Mapping[str, acm.ICertificate], names: Sequence[str]
) -> None:
    """Refuse certificates that the service would refuse, and names that none of them covers.

    Args:
        scope: Where the service is.
        target: The service.
        certificates: Argument to certificate.
        names: The domain names that it serves, as `read_names` returns them.

    Raises:
        ConfigurationError: If one does not fit. What is known at deployment only is left to the service.
    """
    _check_partition(cdk.Stack.of(scope), target)
    told = {argument: read_certificate(argument, each) for argument, each in certificates.items()}
    for argument, each in told.items():
        _check_stage(scope, argument, certificates[argument])
        hint_records(certificates[argument])
        _check_place(cdk.Stack.of(scope), target, argument, each)
        _check_told_place(cdk.Stack.of(scope), argument, certificates[argument])
        if each.key_algorithm is not None and not target.takes(each.key_algorithm):
            raise ConfigurationError(_not_taken(target, argument, each, each.key_algorithm))
    _check_names(names, list(told.values()))


def read_names(argument: str, given: Sequence[str]) -> tuple[str, ...]:
    """Return the domain names that something serves, in lower case, as in DNS.

    Args:
        argument: What a refusal calls them.
        given: The names.

    Raises:
        ConfigurationError: If there is none, one is no domain name, or one stands there twice.
    """
    if isinstance(given, str) or not given:
        raise ConfigurationError(f"{argument} must be the names that clients use, at least one, got {given!r}")
    names = tuple(read_domain_name(argument, each) for each in given)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(f"{argument} must be different names, got {twice[0]!r} twice")
    return names


def _check_stage(scope: Construct, argument: str, given: acm.ICertificate) -> None:
    own, other = cdk.Stage.of(scope), cdk.Stage.of(given)
    if own is None or other is None or not is_of_this_app(given):
        return
    if own.node.path != other.node.path:
        raise ConfigurationError(
            f"{argument} must be of the same stage of the app, since stages are deployed apart, got {given.node.path} "
            f"for {scope.node.path}"
        )


def _check_partition(stack: cdk.Stack, target: Target) -> None:
    # The accounts of another partition have nothing in a Region of this one.
    if target.only_in is not None and are_apart(stack.partition, _PARTITION):
        raise ConfigurationError(
            f"scope must be in partition {_PARTITION}, where the certificates are, in {target.only_in}, which "
            f"{target.called} serves, got {stack.node.path} in {stack.region} of partition {stack.partition}"
        )


def _check_place(stack: cdk.Stack, target: Target, argument: str, told: ToldCertificate) -> None:
    if told.account is not None and are_apart(stack.account, told.account):
        raise ConfigurationError(
            f"{argument} must be of account {stack.account}, which serves it, got {told.called} of account "
            f"{told.account}; ACM shares no certificate between accounts: define one here, validated through the zone "
            "of the other account"
        )
    if told.region is None:
        return
    if target.only_in is not None:
        if told.region != target.only_in:
            raise ConfigurationError(
                f"{argument} must be in {target.only_in}, the only Region whose certificates {target.called} takes, "
                f"got {told.called} in {told.region}; define it in a stack of that Region of the app and pass it here"
            )
    elif are_apart(stack.region, told.region):
        raise ConfigurationError(
            f"{argument} must be in {stack.region}, the Region of {target.called} that serves it, got {told.called} in "
            f"{told.region}"
        )


def _check_told_place(stack: cdk.Stack, argument: str, given: acm.ICertificate) -> None:
    # Where one stack says what the other leaves open, the CDK cannot refer, or refers as to another account.
    if not is_of_this_app(given):
        return
    for what, own, other in (
        ("account", stack.account, given.env.account),
        ("Region", stack.region, given.env.region),
    ):
        if cdk.Token.is_unresolved(own) != cdk.Token.is_unresolved(other):
            raise ConfigurationError(
                f"{argument} must be of a stack that says its {what} just as {stack.node.path}, which serves it, does, "
                f"got {given.node.path}: give both stacks env=cdk.Environment(account=..., region=...)"
            )


def _not_taken(target: Target, argument: str, told: ToldCertificate, algorithm: KeyAlgorithm) -> str:
    taken = ", ".join(each.name for each in KeyAlgorithm if target.takes(each))
    return (
        f"{argument} must have a key algorithm that {target.called} takes, one of {taken}, got {told.called} with "
        f"{algorithm.name}; tell the certificate key_algorithm, or targets=[Target.{target.name}]"
    )


def _check_names(names: Sequence[str], told: Sequence[ToldCertificate]) -> None:
    if any(each.domain_names is None for each in told):
        return
    known = [name for each in told for name in each.domain_names or ()]
    for name in names:
        if not covers(known, name):
            whose = ", ".join(each.called for each in told)
            raise ConfigurationError(
                f"domain names must be names of the certificate, {', '.join(known)}, got {name!r}, which {whose} does "
                "not cover; a wildcard stands for one label only"
            )
