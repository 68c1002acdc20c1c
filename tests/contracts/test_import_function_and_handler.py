"""What an imported certificate and the handler that imports it must agree on, though neither imports the other."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from certificate_care import importing
from certificate_care.custom_resource import STACK_ID
from certificate_care.import_settings import ALGORITHMS, VARIABLES, Settings
from constructs_lib.bundling.lambda_bundle import function_source
from constructs_lib.certificates.import_checks import read_import_checks
from constructs_lib.imported_certificate import ImportedCertificate
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target
from tests.conftest import configured_app
from tests.support.fake_secrets_manager import SECRET_ARN
from tests.support.function_roles import statements_by_handler, variables_by_handler
from tests.support.imports_in_memory import Context, ImportsInMemory, secret_text
from tests.support.made_certificates import NAMES, Lineage, Made, Template, made
from tests.support.synthesised import Json, only, resources, template_of, written

HANDLER = "certificate_care.importing.handle"
# What the CDK's grant of a secret allows beside reading it.
OF_THE_GRANT = {"secretsmanager:DescribeSecret"}
# ACM asks for it when a first import carries tags, and nobody calls it.
# https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html
WITH_TAGS = {"acm:AddTagsToCertificate"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """Define a certificate of which everything is told that can be."""
    app = configured_app(tmp_path_factory.mktemp("cdk.out"))
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(account="111122223333", region="us-east-1"))
    arn = SECRET_ARN.replace("eu-central-1", "us-east-1")
    ImportedCertificate(
        stack,
        "Certificate",
        secret=secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", arn),
        domain_names=NAMES,
        targets=[Target.CLOUDFRONT],
        trust_anchors=[Lineage.of().root.pem],
        least_days_left=cdk.Duration.days(30),
        operations_key=kms.Key(stack, "LogKey"),
    )
    return template_of(stack)


def renewed() -> Lineage:
    """Return the same names for some days more, by a key of the algorithm that the target takes."""
    return Lineage.of().with_leaf(not_after=Lineage.of().leaf.certificate.not_valid_after_utc + timedelta(days=7))


@pytest.fixture
def variables(template: Json) -> dict[str, str]:
    return {**variables_by_handler(template)[HANDLER], "SECRET_ARN": SECRET_ARN}


def anchored(folder: Path, *roots: Made) -> Path:
    """Return a folder with the files of an asset of these roots, without its code."""
    checks = read_import_checks(
        domain_names=NAMES,
        targets=(),
        trust_anchors=[each.pem for each in roots],
        least_days_left=cdk.Duration.days(7),
    )
    for name, text in checks.files:
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def deployed(variables: dict[str, str], tmp_path: Path) -> ImportsInMemory:
    """Run the handler with what the template tells it."""
    root = Lineage.of().root
    return ImportsInMemory(secret_text(Lineage.of()), variables=variables, code=anchored(tmp_path, root))


def test_the_handler_reads_every_variable_that_it_gets_and_gets_every_one_that_it_reads(
    variables: dict[str, str],
) -> None:
    assert set(variables) == {*VARIABLES, STACK_ID}


def test_the_handler_understands_what_it_is_told(variables: dict[str, str]) -> None:
    settings = Settings.of(variables)

    assert (settings.domain_names, settings.least_days_left) == (NAMES, 30)
    assert set(settings.key_algorithms) == {each.value for each in KeyAlgorithm if Target.CLOUDFRONT.takes(each)}


def test_the_handler_is_told_the_stack_that_cloudformation_asks_for(variables: dict[str, str]) -> None:
    assert variables[STACK_ID] == "${AWS::StackId}"


def test_both_have_the_same_words_for_algorithms() -> None:
    assert {each.value for each in KeyAlgorithm} == set(ALGORITHMS)


def test_the_handler_is_where_the_function_looks_for_it() -> None:
    package, module, name = HANDLER.split(".")

    assert f"{package}.{module}" == importing.__name__
    assert callable(getattr(importing, name))
    assert (function_source(package) / f"{module}.py").is_file()


def test_what_the_custom_resource_says_is_a_first_import_with_its_tag(
    template: Json, deployed: ImportsInMemory
) -> None:
    properties = only(template, "Custom::ImportedCertificate")["Properties"]

    answer = deployed.request("Create", ResourceProperties=written(properties))

    assert answer["Status"] == "SUCCESS", answer
    assert deployed.acm.held[answer["PhysicalResourceId"]].tags == properties["Tags"]


def test_what_the_rules_send_is_an_import_over_the_certificate(template: Json, deployed: ImportsInMemory) -> None:
    arn = deployed.import_first()
    ((name, _),) = resources(template, "Custom::ImportedCertificate").items()
    deployed.put(secret_text(renewed()))

    sent = [
        json.loads(written(target["Input"]).replace(f"${{{name}}}", arn))
        for rule in resources(template, "AWS::Events::Rule").values()
        for target in rule["Properties"]["Targets"]
    ]
    told = [importing.handle(each, Context(), deployment=deployed.deployed) for each in sent]

    assert sent == [{"certificate_arn": arn}] * 2
    assert told == [{"happened": ["Imported"]}, {"happened": []}]


def test_only_a_chain_to_an_anchor_of_the_asset_is_imported(variables: dict[str, str], tmp_path: Path) -> None:
    stranger = made(Template.authority("Stranger"))

    def outcome(*roots: Made) -> str:
        folder = tmp_path / str(len(roots))
        folder.mkdir()
        deployed = ImportsInMemory(secret_text(Lineage.of()), variables=variables, code=anchored(folder, *roots))
        return str(deployed.request("Create")["Status"])

    assert (outcome(stranger), outcome(stranger, Lineage.of().root)) == ("FAILED", "SUCCESS")


def test_the_role_may_call_what_the_handler_calls_and_nothing_else(template: Json, deployed: ImportsInMemory) -> None:
    allowed: dict[str, set[str]] = {}
    for each in statements_by_handler(template)[HANDLER]:
        actions = each["Action"]
        allowed[each.get("Sid", "")] = set([actions] if isinstance(actions, str) else actions)

    def calls(work: Any) -> set[str]:
        deployed.acm.calls.clear()
        work()
        return {f"acm:{each}" for each in deployed.acm.calls}

    first = calls(deployed.import_first)
    (arn,) = deployed.acm.held
    deployed.put(secret_text(renewed()))
    again = calls(lambda: deployed.request("Update", arn))
    deployed.acm.held[arn].in_use_by.append("a load balancer")
    ended = calls(lambda: deployed.request("Delete", arn))

    assert allowed == {
        "": OF_THE_GRANT | {f"secretsmanager:{each}" for each in deployed.secrets.calls},
        "ImportNew": WITH_TAGS | first,
        "ImportAgain": again,
        "EndOwn": ended,
    }
