"""The inventory as a page."""

import re

from constructs_lib.inventory.inventory_page import inventory_page
from constructs_lib.inventory.listed_certificate import CertificateUse, ListedCertificate, Origin, Permitted, Right

SERVED = ListedCertificate(
    path="Edge/Cert",
    origin=Origin.REQUESTED,
    domain_names=("www.example.com", "example.com"),
    key_algorithm="EC_prime256v1",
    stack="Edge",
    account="111122223333",
    region="us-east-1",
    validation="by DNS records in example.com (Edge/Zone)",
    renewal="by ACM",
    days_told=("45", "30"),
    uses=(CertificateUse("Shop/Site", "CloudFront distribution", ("www.example.com",), ("TLSv1.3_2025",)),),
    permitted={
        Right.EXPORT: (),
        Right.DELETE: (Permitted("Edge/Admin"), Permitted("Edge/Ops", ("Bool aws:MultiFactorAuthPresent true",))),
        Right.REPLACE: (),
    },
    deployer="arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role",
)
ELSEWHERE = ListedCertificate(
    path="${/tmp/a.template.json#Parameter}", origin=Origin.ELSEWHERE, uses=(CertificateUse("Shop/Https", "listener"),)
)


def page(*certificates: ListedCertificate, **unread: int) -> str:
    return inventory_page("Certificates", "Read from an assembly.", certificates, unread)


def rows(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| ([^|]*) \| ([^|]*) \|$", text, re.MULTILINE))


def test_each_fact_of_a_certificate_is_a_row() -> None:
    found = rows(page(SERVED))

    assert found["Names"] == "`www.example.com`, `example.com`"
    assert found["Where it is"] == "stack Edge, Region us-east-1, account 111122223333"
    assert found["Key"] == r"EC\_prime256v1"
    assert found["Validated"] == "by DNS records in example.com (Edge/Zone)"
    assert found["Its expiry is told"] == "by alarms with 45 and 30 days left"
    assert found["Private key"] == "in ACM, which gives it to nobody"
    assert "Secret" not in found


def test_who_may_do_what_is_told_with_conditions_and_with_who_deploys() -> None:
    found = rows(page(SERVED))

    assert found["may export it with its private key"] == "nobody: ACM does not export it"
    assert found["may delete it"].split("<br>") == [
        "Edge/Admin",
        "Edge/Ops, only if `Bool aws:MultiFactorAuthPresent true`",
        "`cdk-hnb659fds-cfn-exec-role`, with which CloudFormation deploys and deletes the stack",
    ]
    assert found["may import another over it"] == "nobody: ACM imports over imported ones alone"


def test_who_must_tag_it_first_is_told_so() -> None:
    people = (Permitted("App/Fn", after_tags=("a|b=c",)), Permitted("App/Ops", ("Bool a:b true",), ("owner=shop",)))
    told = ListedCertificate(path="A", origin=Origin.REQUESTED, permitted={Right.DELETE: people})

    assert "| may delete it | App/Fn, after tagging it `a\\|b=c`<br>" in page(told)
    assert "App/Ops, after tagging it `owner=shop`, only if `Bool a:b true` |" in page(told)


def test_what_serves_it_is_told_with_names_and_tls() -> None:
    assert "| CloudFront distribution: Shop/Site | `www.example.com` | `TLSv1.3_2025` |" in page(SERVED)


def test_every_link_of_the_overview_leads_to_a_section() -> None:
    text = page(SERVED, ELSEWHERE)

    headings = re.findall(r"^## (Certificate .*)$", text, re.MULTILINE)
    anchors = {
        re.sub(r"[^a-z0-9_-]", "", heading.lower().replace("&lt;", "").replace(" ", "-")) for heading in headings
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) == anchors
    assert len(anchors) == 2


def test_no_path_of_a_template_is_told() -> None:
    text = page(ELSEWHERE)

    assert "/tmp/" not in text  # noqa: S108  # as it stands in the certificate
    assert "## Certificate &lt;Parameter>" in text
    assert "Who may do what is not told" in text


def test_what_only_the_deployment_knows_is_no_tag_of_html() -> None:
    told = ListedCertificate(
        path="A",
        origin=Origin.REQUESTED,
        validation="by DNS records in hosted zone ${S#Zone}",
        uses=(CertificateUse("Https", "listener", ("${S#Name}",)),),
        permitted={Right.DELETE: (Permitted("${S#Role.Arn}"),)},
    )

    text = page(told)

    assert all(f"&lt;{name}>" in text for name in ("Zone", "Role.Arn"))
    assert set(re.findall("<[^>]*>", re.sub("`[^`]*`", "", text))) <= {"<br>"}


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    tables = re.findall(r"(?:^\|.*\n)+", page(SERVED, ELSEWHERE), re.MULTILINE)

    assert len(tables) == 1 + 3 + 2
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_one_that_nothing_serves_stands_out() -> None:
    unserved = ListedCertificate(path="App/Cert", origin=Origin.REQUESTED, domain_names=("example.com",))

    text = page(unserved)

    assert "**nothing of this app**" in text
    assert "**no alarm of this app**" in text
    assert "Nothing in this app serves it." in text


def test_an_exportable_one_stands_out() -> None:
    told = rows(page(ListedCertificate(path="A", origin=Origin.REQUESTED, is_exportable=True)))

    assert told["Private key"] == "in ACM, which **gives it out**"


def test_what_was_not_read_is_told() -> None:
    assert "`ReadOnlyAccess` (3)" in page(ReadOnlyAccess=3)
    assert "were not read" not in page()


def test_an_app_without_certificates_says_so() -> None:
    assert "This app has no certificates." in page()
