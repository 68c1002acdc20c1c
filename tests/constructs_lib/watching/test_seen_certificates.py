from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError
from constructs_lib.certificates.validation import outside_dns
from constructs_lib.managed_certificate import ManagedCertificate
from constructs_lib.watching.certificate_events import WatchedCertificate
from constructs_lib.watching.seen_certificates import SeenCertificate, read_certificates
from constructs_lib.wiring.certificate_facts import Renewal
from tests.support.telling_certificate import IMPORTER, TellingCertificate
from tests.support.told_certificates import CERTIFICATE_ARN
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import OTHER_ACCOUNT, OTHER_REGION, stack_of


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return stack_of()


@pytest.fixture
def scope(stack: cdk.Stack, request: pytest.FixtureRequest) -> cdk.Resource:
    """One stack for all, in which each test has a place of its own."""
    return cdk.Resource(stack, request.node.name.translate(str.maketrans("", "", "[]")))


def imported(scope: Any, arn: str = CERTIFICATE_ARN, name: str = "There") -> acm.ICertificate:
    return acm.Certificate.from_certificate_arn(scope, name, arn)


def read(scope: Any, *certificates: Any) -> list[SeenCertificate]:
    return read_certificates(scope, list(certificates))


def test_a_certificate_that_tells_is_called_by_its_names(scope: Any) -> None:
    own = TellingCertificate(scope, "Own", "a.example.com", "*.a.example.com", renewal=Renewal.FROM_SECRET)

    (seen,) = read(scope, own)

    assert seen.name == WatchedCertificate(
        arn=own.certificate_arn,
        called="a.example.com",
        further_names=("*.a.example.com",),
        renewal=Renewal.FROM_SECRET,
    )
    assert seen.importer is not None
    assert seen.importer.function_name == IMPORTER


@pytest.mark.parametrize(
    ("validation", "renewal"),
    [("from_dns", Renewal.BY_ACM), ("from_email", Renewal.BY_HAND), (None, Renewal.BY_HAND)],
)
def test_a_certificate_of_the_cdk_is_read_in_the_template(scope: Any, validation: str | None, renewal: Renewal) -> None:
    given = getattr(acm.CertificateValidation, validation)() if validation else None
    names = ["a.example.com", "*.a.example.com"]
    own = acm.Certificate(scope, "Own", domain_name=names[0], subject_alternative_names=names, validation=given)

    (seen,) = read(scope, own)

    assert (seen.name.called, seen.name.further_names) == (names[0], (names[1],))
    assert (seen.name.renewal, seen.importer) == (renewal, None)


def test_a_certificate_whose_name_is_a_parameter_is_called_by_its_path(scope: Any) -> None:
    name = cdk.CfnParameter(scope, "Name").value_as_string

    dns = acm.CertificateValidation.from_dns()

    (seen,) = read(scope, acm.Certificate(scope, "Own", domain_name=name, validation=dns))

    assert seen.name.called == scope.node.path + "/Own"


def test_a_private_certificate_is_renewed_by_acm(scope: Any) -> None:
    authority = f"arn:aws:acm-pca:{REGION}:{ACCOUNT}:certificate-authority/1"
    private = acm.PrivateCertificate(
        scope,
        "Own",
        domain_name="a.internal",
        certificate_authority=_authority(scope, authority),
    )

    (seen,) = read(scope, private)

    assert (seen.name.called, seen.name.renewal) == ("a.internal", Renewal.BY_ACM)


def _authority(scope: Any, arn: str) -> Any:
    from aws_cdk import aws_acmpca as pca  # noqa: PLC0415  # only here

    return pca.CertificateAuthority.from_certificate_authority_arn(scope, "Authority", arn)


def test_a_certificate_known_by_its_arn_is_called_by_it(scope: Any) -> None:
    (seen,) = read(scope, imported(scope))

    assert seen.name == WatchedCertificate(arn=CERTIFICATE_ARN, called=CERTIFICATE_ARN, further_names=(), renewal=None)


def test_refuses_no_certificates(scope: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^certificates must name what is watched, got nothing$"):
        read(scope)


def test_refuses_what_is_no_list(scope: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^certificates must be a list of certificates, got 'orders'$"):
        read_certificates(scope, "orders")  # type: ignore[arg-type]


def test_refuses_what_is_no_certificate(scope: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^certificates must be certificates, such as .*, got 'orders'$"):
        read(scope, "orders")


def test_refuses_a_certificate_twice(scope: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^certificates must name each certificate once, got .*There, and again .*Again$"
    ):
        read(scope, imported(scope), imported(scope, name="Again"))


def test_refuses_a_certificate_and_the_gate_before_it(make_app: Callable[[], cdk.App]) -> None:
    scope = cdk.Stack(make_app(), "Shop")
    own = ManagedCertificate(
        scope,
        "Own",
        domain_name="a.example.com",
        validation=outside_dns(),
        operations_key=kms.Key(scope, "LogKey"),
    )
    gate, again = own.once_issued(scope, "Gate"), own.once_issued(scope, "Again")

    assert [each.certificate for each in read(scope, gate)] == [gate]
    for one, other in ((own, gate), (gate, own), (gate, again)):
        with pytest.raises(
            ConfigurationError,
            match=rf"^certificates must name each certificate once, got {one.node.path}, and again {other.node.path}$",
        ):
            read(scope, one, other)


def test_certificates_that_say_the_same_are_not_the_same(scope: Any) -> None:
    assert len(read(scope, *(TellingCertificate(scope, name, "a.example.com") for name in ("Own", "Other")))) == 2


def test_refuses_what_is_no_arn(scope: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^certificates must be known by their ARN, got .*: 'orders'$"):
        read(scope, imported(scope, "orders"))


@pytest.mark.parametrize(
    ("what", "here", "there"),
    [("account", ACCOUNT, OTHER_ACCOUNT), ("Region", REGION, OTHER_REGION)],
)
def test_refuses_a_certificate_of_another_place(scope: Any, what: str, here: str, there: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        read(scope, imported(scope, CERTIFICATE_ARN.replace(here, there)))
    assert str(error.value) == (
        f"certificates must be of {what} {here}, where the watch stands and hears ACM, got {scope.node.path}/There of "
        f"{there}: give it to a watch there"
    )


def test_refuses_a_certificate_that_says_that_it_is_elsewhere(scope: Any) -> None:
    own = TellingCertificate(scope, "Own", "a.example.com", region=OTHER_REGION)

    with pytest.raises(ConfigurationError, match=rf"^certificates must be of Region {REGION}, .* of {OTHER_REGION}: "):
        read(scope, own)
