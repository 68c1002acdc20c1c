import json
import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

from app import (
    DOMAIN_NAME,
    HOSTED_ZONE_ID,
    NEWS_ADDRESS,
    AuditStack,
    KeyStack,
    SecretStack,
    WorkloadStack,
    reference_app,
)
from constructs_lib import ConfigurationError
from docs.monthly_costs import ACCOUNTS
from tests.conftest import configured_app
from tests.support.findings import COLLECT_ONLY, collect_findings
from tests.support.reference_certificates import CERTIFICATES


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> cdk.App:
    context: dict[str, Any] = {**COLLECT_ONLY, **CERTIFICATES, NEWS_ADDRESS: "keys@example.com"}
    app = configured_app(tmp_path_factory.mktemp("cdk.out"), validate=True, **context)
    reference_app(app)
    return app


def _policy_statements(template: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for document in (properties.get("KeyPolicy"), properties.get("PolicyDocument")):
            found += document["Statement"] if document else []
    return found


def test_every_pack_and_the_template_validator_are_content(app: cdk.App) -> None:
    unanswered = [finding for finding in collect_findings(app) if not finding.reason]

    assert unanswered == []


def test_every_acknowledgement_is_about_one_resource_and_never_about_a_kms_action(app: cdk.App) -> None:
    answered = [finding for finding in collect_findings(app) if finding.reason]

    assert answered
    resources = {each.node.path for each in app.node.find_all() if cdk.CfnResource.is_cfn_resource(each)}
    for finding in answered:
        assert finding.path in resources
        assert "kms" not in finding.rule.lower() or finding.rule.endswith("S3DefaultEncryptionKMS")
        assert finding.reason is not None
        assert len(finding.reason) > 80


def test_no_policy_allows_a_wildcard_of_kms_or_every_key(app: cdk.App) -> None:
    assembly = app.synth()

    for stack in assembly.stacks:
        for statement in _policy_statements(stack.template):
            assert statement["Effect"] == "Deny" or "NotAction" not in statement
            named = statement.get("Action", [])
            actions = [named] if isinstance(named, str) else named
            kms = [action for action in actions if action.startswith("kms:")]
            assert not [action for action in kms if "*" in action]
            if kms and "Principal" not in statement:
                assert statement["Resource"] != "*"


def test_it_names_no_account_and_no_region(app: cdk.App) -> None:
    text = json.dumps([stack.template for stack in app.synth().stacks])
    # How much a question may read has twelve digits as well, the record of every Region a folder of its own, and prices
    # are those of one Region.
    elsewhere = r'"BytesScannedCutoffPerQuery": \d+|"projection.region.values": "[a-z0-9,-]+"|Prices of us-east-1'
    text = re.sub(elsewhere, "", text)

    assert not re.search(r"\b\d{12}\b", text)
    assert not re.search(r"\b(us|eu|ap|ca|sa|me|af|il)-[a-z]+-\d\b", text)


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "cn-north-1"])
def test_it_synthesises_for_a_named_account_and_region(make_app: Callable[..., cdk.App], region: str) -> None:
    app = make_app(**COLLECT_ONLY)
    stage = cdk.Stage(app, "Production", env=cdk.Environment(account="111122223333", region=region))
    keys = KeyStack(stage, "Keys")
    workload = WorkloadStack(stage, "Workload", keys=keys)

    secrets = SecretStack(stage, "Secrets", keys=keys)

    audit = AuditStack(stage, "Audit", keys=keys, workload=workload, secrets=secrets)

    templates = [stage.synth().get_stack_by_name(stack.stack_name).template for stack in (keys, workload, audit)]

    assert f'"kms:ViaService": "s3.{region}.amazonaws.com"' in json.dumps(templates[0])


def test_it_is_what_the_costs_of_a_small_account_are_computed_for(app: cdk.App) -> None:
    found = [each for stack in app.synth().stacks for each in stack.template["Resources"].values()]
    types = [each["Type"] for each in found]
    counted = [
        transformation
        for each in found
        if each["Type"] == "AWS::Logs::MetricFilter"
        for transformation in each["Properties"]["MetricTransformations"]
    ]
    # One that has dimensions makes metrics only of keys that rotate.
    metrics = {each["MetricName"] for each in counted if "Dimensions" not in each}

    assumed = ACCOUNTS["small"]
    assert types.count("AWS::KMS::Key") == assumed["keys"]
    assert types.count("AWS::SecretsManager::Secret") == assumed["secrets"]
    assert types.count("AWS::CloudWatch::Alarm") == assumed["alarms"]
    assert len(metrics) == assumed["metrics"]


@pytest.mark.parametrize("missing", [DOMAIN_NAME, HOSTED_ZONE_ID])
def test_refuses_a_context_that_says_half_of_what_certificates_need(
    make_app: Callable[..., cdk.App], missing: str
) -> None:
    app = make_app(**{name: value for name, value in CERTIFICATES.items() if name != missing})

    with pytest.raises(ConfigurationError, match=f"^context must have {missing} with "):
        reference_app(app)
