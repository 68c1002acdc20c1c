"""Certificates that fit what is to serve them, and those that do not: one thing is wrong each time."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm

from constructs_lib import ConfigurationError
from constructs_lib.serving.fitting_certificate import check_certificates, read_names
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target
from tests.support.served_app import ACCOUNT, EDGE, ELSEWHERE_ARN, HOME, StandIn, new_app, new_stack

OTHER = "444455556666"


@pytest.fixture(scope="module")
def app() -> cdk.App:
    return new_app()


@pytest.fixture(scope="module")
def here(app: cdk.App) -> cdk.Stack:
    return new_stack(app, "Here", HOME)


@pytest.fixture(scope="module")
def edge(app: cdk.App) -> cdk.Stack:
    return new_stack(app, "Edge", EDGE)


@pytest.fixture(scope="module")
def anywhere(app: cdk.App) -> cdk.Stack:
    return new_stack(app, "Anywhere", None)


@pytest.fixture(scope="module")
def wild(here: cdk.Stack) -> acm.ICertificate:
    return StandIn(here, "Wild", "*.example.com")


@pytest.fixture(scope="module")
def abroad(edge: cdk.Stack) -> acm.ICertificate:
    return StandIn(edge, "Abroad", "*.example.com")


def check(stack: cdk.Stack, target: Target, *certificates: acm.ICertificate, name: str = "a.example.com") -> None:
    named = {f"certificates[{index}]": each for index, each in enumerate(certificates)}
    check_certificates(stack, target, certificates=named, names=[name])


def test_names_that_one_of_the_certificates_covers_are_served(here: cdk.Stack, wild: acm.ICertificate) -> None:
    check(here, Target.APPLICATION_LOAD_BALANCER, StandIn(here, "Apex", "example.org"), wild)


def test_what_an_imported_certificate_covers_is_left_to_the_service(here: cdk.Stack, wild: acm.ICertificate) -> None:
    arn = ELSEWHERE_ARN.replace(EDGE, HOME)
    check(here, Target.HTTP_API, wild, acm.Certificate.from_certificate_arn(here, "Given", arn), name="b.example.org")


@pytest.mark.parametrize("target", [Target.CLOUDFRONT, Target.COGNITO, Target.EDGE_OPTIMIZED_API], ids=str)
def test_what_cloudfront_delivers_takes_a_certificate_of_its_region(
    here: cdk.Stack, abroad: acm.ICertificate, target: Target
) -> None:
    check(here, target, abroad)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
@pytest.mark.parametrize("target", [Target.CLOUDFRONT, Target.COGNITO, Target.EDGE_OPTIMIZED_API], ids=str)
def test_refuses_what_cloudfront_delivers_outside_of_the_partition_of_its_region(
    app: cdk.App, abroad: acm.ICertificate, target: Target, region: str
) -> None:
    stack = new_stack(app, f"{target.name.title().replace('_', '')}-{region}", region)

    said = (
        f"scope must be in partition aws, .* us-east-1, which {target.called} serves, got {stack.node.path} in {region}"
    )

    with pytest.raises(ConfigurationError, match=said):
        check(stack, target, abroad)


@pytest.mark.parametrize(
    ("target", "wanted"), [(Target.CLOUDFRONT, EDGE), (Target.NETWORK_LOAD_BALANCER, HOME)], ids=["CloudFront", "NLB"]
)
def test_refuses_a_certificate_of_another_partition(here: cdk.Stack, target: Target, wanted: str) -> None:
    arn = ELSEWHERE_ARN.replace("arn:aws:", "arn:aws-cn:").replace(EDGE, "cn-north-1")
    given = acm.Certificate.from_certificate_arn(here, f"OfChinaFor{target.name}", arn)

    with pytest.raises(ConfigurationError, match=rf"certificates\[0\] must be in {wanted}, .* in cn-north-1"):
        check(here, target, given)


def test_a_load_balancer_of_another_partition_serves_a_certificate_of_its_own(app: cdk.App) -> None:
    stack = new_stack(app, "China", "cn-north-1")

    check(stack, Target.APPLICATION_LOAD_BALANCER, StandIn(stack, "OfChina", "*.example.com"))


def test_where_no_region_is_known_any_may_be(app: cdk.App, anywhere: cdk.Stack) -> None:
    own = StandIn(anywhere, "Own", "*.example.com")
    for target in (Target.CLOUDFRONT, Target.APPLICATION_LOAD_BALANCER):
        check(anywhere, target, own)
        check(new_stack(app, f"Other{len(target.name)}", None), target, own)


def test_what_an_arn_says_is_taken_wherever_it_is_served(anywhere: cdk.Stack) -> None:
    check(anywhere, Target.CLOUDFRONT, acm.Certificate.from_certificate_arn(anywhere, "ByArn", ELSEWHERE_ARN))


@pytest.mark.parametrize("told", [{}, {"account": ACCOUNT}, {"region": EDGE}], ids=["neither", "account", "Region"])
def test_refuses_a_certificate_of_a_stack_that_says_more_of_where_it_is(
    app: cdk.App, abroad: acm.ICertificate, told: dict[str, str]
) -> None:
    """The CDK cannot refer from one to the other, or takes them for different accounts."""
    half = cdk.Stack(app, f"Half{len(told)}{'account' in told}", env=cdk.Environment(**told))
    what = "account" if "account" not in told else "Region"

    with pytest.raises(
        ConfigurationError,
        match=rf"^certificates\[0\] must be of a stack that says its {what} just as {half.node.path}, which serves it, "
        rf"does, got Edge/Abroad: give both stacks env=cdk\.Environment\(account=\.\.\., region=\.\.\.\)$",
    ):
        check(half, Target.CLOUDFRONT, abroad)


def test_refuses_a_certificate_of_a_stack_that_says_less_of_where_it_is(here: cdk.Stack, anywhere: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"must be of a stack that says its account just as Here, .*Anywhere/"):
        check(here, Target.HTTP_API, StandIn(anywhere, "Less", "*.example.com"))


@pytest.mark.parametrize("name", ["example.com", "a.b.example.com", "a.example.org"])
def test_refuses_a_name_that_no_certificate_covers(here: cdk.Stack, wild: acm.ICertificate, name: str) -> None:
    with pytest.raises(
        ConfigurationError,
        match=rf"domain names must be names of the certificate, \*\.example\.com, got '{name}', which Here/Wild does",
    ):
        check(here, Target.APPLICATION_LOAD_BALANCER, wild, name=name)


@pytest.mark.parametrize("target", [Target.CLOUDFRONT, Target.COGNITO, Target.EDGE_OPTIMIZED_API], ids=str)
def test_refuses_another_region_than_that_of_cloudfront(
    here: cdk.Stack, wild: acm.ICertificate, target: Target
) -> None:
    with pytest.raises(
        ConfigurationError,
        match=rf"certificates\[0\] must be in us-east-1, the only Region whose certificates {target.called} takes, got "
        "Here/Wild in eu-central-1",
    ):
        check(here, target, wild)


@pytest.mark.parametrize(
    "target",
    [Target.APPLICATION_LOAD_BALANCER, Target.NETWORK_LOAD_BALANCER, Target.REST_API, Target.HTTP_API],
    ids=str,
)
def test_refuses_another_region_than_that_of_the_service(
    here: cdk.Stack, abroad: acm.ICertificate, target: Target
) -> None:
    with pytest.raises(
        ConfigurationError, match=r"certificates\[0\] must be in eu-central-1, .* got Edge/Abroad in us-east-1"
    ):
        check(here, target, abroad)


def test_refuses_the_region_that_an_arn_says(here: cdk.Stack) -> None:
    given = acm.Certificate.from_certificate_arn(here, "ByArn", ELSEWHERE_ARN)

    with pytest.raises(ConfigurationError, match=r"must be in eu-central-1, .* got Here/ByArn in us-east-1"):
        check(here, Target.REST_API, given)


def test_refuses_a_certificate_of_another_account(app: cdk.App, here: cdk.Stack) -> None:
    there = cdk.Stack(app, "There", env=cdk.Environment(account=OTHER, region=HOME))

    with pytest.raises(
        ConfigurationError,
        match=rf"must be of account {ACCOUNT}, which serves it, got There/Theirs of account {OTHER}; ACM shares no",
    ):
        check(here, Target.APPLICATION_LOAD_BALANCER, StandIn(there, "Theirs", "*.example.com"))


def test_refuses_a_certificate_of_another_stage(app: cdk.App, here: cdk.Stack) -> None:
    stage = cdk.Stack(cdk.Stage(app, "Prod"), "Here", env=cdk.Environment(account=ACCOUNT, region=HOME))

    with pytest.raises(
        ConfigurationError,
        match=r"certificates\[0\] must be of the same stage of the app, .*, got Prod/Here/Own for Here",
    ):
        check(here, Target.APPLICATION_LOAD_BALANCER, StandIn(stage, "Own", "*.example.com"))


@pytest.mark.parametrize(
    ("target", "algorithm"),
    [
        (Target.CLOUDFRONT, KeyAlgorithm.ECDSA_P384),
        (Target.COGNITO, KeyAlgorithm.ECDSA_P521),
        (Target.EDGE_OPTIMIZED_API, KeyAlgorithm.RSA_4096),
    ],
    ids=lambda each: each.name,
)
def test_refuses_a_key_algorithm_that_the_service_does_not_take(
    edge: cdk.Stack, target: Target, algorithm: KeyAlgorithm
) -> None:
    given = StandIn(edge, f"Key{target.name}", "*.example.com", key_algorithm=algorithm)

    with pytest.raises(
        ConfigurationError,
        match=rf"must have a key algorithm that {target.called} takes, one of RSA_2048.*, got Edge/Key{target.name} "
        rf"with {algorithm.name}; tell the certificate key_algorithm, or targets=\[Target.{target.name}\]",
    ):
        check(edge, target, given)


def test_reads_names_as_dns_has_them() -> None:
    assert read_names("domain_names", ["Shop.Example.com", "*.example.com"]) == ("shop.example.com", "*.example.com")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "must be the names that clients use, at least one, got"),
        ("example.com", "must be the names that clients use, at least one, got 'example.com'"),
        (["a.example.com", "A.example.com"], "must be different names, got 'a.example.com' twice"),
        (["a b.example.com"], "domain_names"),
    ],
    ids=["none", "a text", "twice", "no name"],
)
def test_refuses_what_are_no_names(given: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_names("domain_names", given)
