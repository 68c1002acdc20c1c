"""What the page about certificates says is what the code does."""

import json
import re
import shlex
import xml.etree.ElementTree as ET
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.certificates.new_zones import REMOVE_RECORDS
from constructs_lib.guardrails.certificate_findings import RULES
from tests.support.aws_command import AwsCommand
from tests.support.control_policy import denies
from tests.support.policy_mutants import listed

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "certificates.md").read_text()
CONTROL, EXPORTER = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
ACCOUNT = "arn:aws:iam::111122223333"
CERTIFICATE = EXPORTER["Statement"][0]["Resource"]
EXECUTION = f"{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1"
REQUESTER = f"{ACCOUNT}:role/Shop-CertificateRequestFunctionRole-XXXXXXXXXXXX"
FAR_REQUESTER = f"{ACCOUNT}:role/CertificateRequest-eu-central-1-0123456789ab"
IMPORTER = f"{ACCOUNT}:role/CertificateCareRole-eu-central-1-0123456789ab"
EVERYBODY = (f"{ACCOUNT}:role/Administrator", f"{ACCOUNT}:root", EXECUTION, REQUESTER, FAR_REQUESTER, IMPORTER)
SAID: tuple[dict[str, str], ...] = (
    {"acm:ValidationMethod": "DNS", "acm:Export": "DISABLED"},
    {"acm:ValidationMethod": "EMAIL", "acm:Export": "DISABLED"},
    {"acm:ValidationMethod": "DNS", "acm:Export": "ENABLED"},
)


def denied(action: str, said: dict[str, str] = SAID[0]) -> set[str]:
    return {caller for caller in EVERYBODY if denies(CONTROL, caller, action, CERTIFICATE, said)}


def test_the_example_is_what_the_page_says_of_it() -> None:
    names: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0], names)  # noqa: S102  # as it stands on the page

    ((resource),) = (
        each["Properties"]
        for each in names["app"].synth().get_stack_by_name("Shop").template["Resources"].values()
        if each["Type"] == "AWS::CertificateManager::Certificate"
    )
    assert resource["KeyAlgorithm"] == "EC_prime256v1"
    assert resource["ValidationMethod"] == "DNS"
    assert resource.get("CertificateExport", "DISABLED") == "DISABLED"
    assert "CertificateTransparencyLoggingPreference" not in resource
    assert len(resource["DomainValidationOptions"]) == 1  # a record validates a name and its wildcard


def test_nobody_exports() -> None:
    assert denied("acm:ExportCertificate") == {*EVERYBODY}


def test_what_is_requested_is_validated_by_dns_and_stays_in_acm() -> None:
    by_dns, by_mail, exportable = (denied("acm:RequestCertificate", said) for said in SAID)

    assert by_dns == set()
    assert by_mail == exportable == {*EVERYBODY}


def test_deployments_and_their_functions_delete() -> None:
    assert denied("acm:DeleteCertificate") == {*EVERYBODY} - {EXECUTION, REQUESTER, FAR_REQUESTER, IMPORTER}


def test_only_the_importing_function_imports() -> None:
    assert denied("acm:ImportCertificate") == {*EVERYBODY} - {IMPORTER}


def test_the_rest_is_left_to_iam() -> None:
    assert denied("acm:DescribeCertificate") == denied("acm:ListCertificates") == set()


@pytest.mark.parametrize("statement", CONTROL["Statement"], ids=lambda each: str(each["Sid"]))
def test_each_statement_decides_something(statement: dict[str, Any]) -> None:
    fewer = {**CONTROL, "Statement": [each for each in CONTROL["Statement"] if each is not statement]}
    asked = product(EVERYBODY, listed(statement["Action"]), [CERTIFICATE], SAID)

    assert any(denies(fewer, *each) != denies(CONTROL, *each) for each in asked)


def test_the_page_names_every_rule() -> None:
    table = PAGE.partition("## What stops the synthesis")[2]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(RULES)


@pytest.mark.parametrize("command", re.findall(r"^ *(aws secretsmanager .*)$", PAGE, re.MULTILINE))
def test_a_command_of_the_page_is_one_of_the_cli_and_holds_no_value(command: str) -> None:
    parsed = AwsCommand.parse(shlex.split(command)[1:], lambda _: b"from elsewhere")

    assert parsed.parameters["SecretString"] == "from elsewhere"


def test_the_page_has_the_commands_that_the_synthesis_names() -> None:
    assert "\n".join(REMOVE_RECORDS) in PAGE


def test_what_the_page_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGE)

    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_the_drawing_names_what_can_become_of_a_certificate() -> None:
    drawing = ET.parse(DOCS / "life-of-a-certificate.svg")  # noqa: S314  # a file of this repository
    texts = " ".join("".join(each.itertext()) for each in drawing.iter() if each.tag.endswith("text"))

    for word in (
        "PENDING_VALIDATION",
        "ISSUED",
        "Timed out",
        "Not renewed",
        "Replaced",
        "Refused",
        "Deleted",
        "Expired",
    ):
        assert word in texts
