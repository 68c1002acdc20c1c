"""The examples with certificates are what they recommend: nothing is warned of, and the inventory reads them all."""

import runpy
from dataclasses import dataclass
from pathlib import Path

import pytest

from constructs_lib.certificate_inventory import CertificateInventory, certificate_inventory
from constructs_lib.execution_policy.least_policies import execution_policies
from constructs_lib.inventory.listed_certificate import ListedCertificate, Origin, Right
from tests.conftest import configured_app
from tests.support.announcements import announcements

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*certificate*.py"))
ZONE_ROLE = "arn:aws:iam::444455556666:role/certificates-of-shop"


@dataclass(frozen=True)
class Synthesised:
    """An example with what its synthesis warned of, its inventory, and what deploying it takes."""

    warnings: list[str]
    inventory: CertificateInventory
    assembly: Path

    @property
    def only(self) -> ListedCertificate:
        """Return its one certificate."""
        ((found),) = self.inventory.certificates
        return found


@pytest.fixture(scope="module")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesised]:
    found = {}
    for path in EXAMPLES:
        app = configured_app(tmp_path_factory.mktemp(path.stem))
        runpy.run_path(str(path))["define"](app)
        assembly = app.synth()
        said = [
            str(each) for stack in assembly.stacks for each in announcements(assembly.directory, stack.id, "warning")
        ]
        found[path.stem] = Synthesised(said, certificate_inventory(Path(assembly.directory)), Path(assembly.directory))
    return found


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_nothing_is_warned_of(name: str, synthesised: dict[str, Synthesised]) -> None:
    assert synthesised[name].warnings == []


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_the_least_policies_of_its_deployment_are_known(name: str, synthesised: dict[str, Synthesised]) -> None:
    documents = execution_policies(synthesised[name].assembly)
    statements = [each for document in documents for each in document["Statement"]]

    assert [each for each in statements if "lambda:CreateFunction" in each["Action"] or "acm:" in str(each["Action"])]
    assert not [action for each in statements for action in each["Action"] if "*" in action]


@pytest.mark.parametrize(
    ("name", "validation", "served_by"),
    [
        (
            "certificate_for_a_load_balancer",
            "by DNS records in hosted zone Z0123456789ABCDEFGHIJ",
            ["listener of a load balancer (HTTPS 443)"],
        ),
        (
            "certificate_for_cloudfront",
            "by DNS records in hosted zone Z0123456789ABCDEFGHIJ",
            ["CloudFront distribution"],
        ),
        (
            "certificate_in_a_zone_of_another_account",
            f"by DNS records in hosted zone Z0123456789ABCDEFGHIJ through {ZONE_ROLE}",
            [],
        ),
        (
            "certificate_with_an_outside_dns",
            "by DNS records that somebody puts by hand",
            ["listener of a load balancer (HTTPS 443)"],
        ),
        ("import_a_certificate", "by the authority that issued it", ["listener of a load balancer (TLS 443)"]),
    ],
)
def test_the_inventory_reads_what_the_constructs_write(
    name: str, validation: str, served_by: list[str], synthesised: dict[str, Synthesised]
) -> None:
    found = synthesised[name].only

    assert found.validation == validation
    assert [use.what for use in found.uses] == served_by
    assert found.permitted[Right.EXPORT] == ()


def test_the_certificate_of_cloudfront_is_in_virginia_and_the_site_is_not(synthesised: dict[str, Synthesised]) -> None:
    found = synthesised["certificate_for_cloudfront"].only

    assert found.region == "us-east-1"
    assert [use.region for use in found.uses] == ["eu-central-1"]
    assert found.uses[0].domain_names == found.domain_names


def test_each_function_may_delete_its_own_certificate_and_import_over_no_other(
    synthesised: dict[str, Synthesised],
) -> None:
    requested = synthesised["certificate_in_a_zone_of_another_account"].only
    imported = synthesised["import_a_certificate"].only

    for certificate in (requested, imported):
        assert [each.only_if for each in certificate.permitted[Right.DELETE]] == [()]
    assert requested.permitted[Right.REPLACE] == ()
    assert imported.permitted[Right.REPLACE] == imported.permitted[Right.DELETE]


def test_of_the_imported_one_it_is_told_who_has_the_key(synthesised: dict[str, Synthesised]) -> None:
    found = synthesised["import_a_certificate"].only

    assert (found.origin, found.secret) == (Origin.IMPORTED, "BrokerSecret/Secret")
    assert found.permitted[Right.READ_KEY] == found.permitted[Right.REPLACE]
    assert [each.who for each in found.permitted[Right.SUPPLY]] == ["BrokerSecret/Writer"]
