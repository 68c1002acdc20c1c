from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from constructs_lib.certificates.import_checks import ImportChecks
from constructs_lib.certificates.import_function import ImportFunction
from constructs_lib.functions.function_settings import read_function_settings
from tests.conftest import configured_app
from tests.support.function_roles import statements_by_handler, variables_by_handler
from tests.support.synthesised import Json, only, resources, template_of, written

ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/own"
HANDLER = "certificate_care.importing.handle"
CHECKS = ImportChecks(
    domain_names=("shop.example.com",), key_algorithms=None, least_days_left=7, trust_anchors=("root\n",)
)


def function(stack: cdk.Stack, **told: Any) -> ImportFunction:
    settings = {"architecture": lambda_.Architecture.X86_64, **told}
    return ImportFunction(
        stack,
        "Import",
        checks=CHECKS,
        secret_arn="arn:secret",  # where it is
        tag_value="Shop/Own",
        operations_key=kms.Key(stack, "LogKey"),
        settings=read_function_settings(settings),  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Json:
    stack = cdk.Stack(configured_app(tmp_path_factory.mktemp("cdk.out")), "Shop")
    function(stack, memory_size_mib=1024).allow_again(ARN)
    return template_of(stack)


def test_it_runs_as_it_is_told_and_reads_what_it_must_demand(template: Json) -> None:
    found = only(template, "AWS::Lambda::Function")["Properties"]

    assert (found["Architectures"], found["MemorySize"], found["Timeout"]) == (["x86_64"], 1024, 180)
    assert variables_by_handler(template)[HANDLER] == {
        **CHECKS.variables("arn:secret"),
        "STACK_ID": "${AWS::StackId}",
    }


def test_what_names_the_one_certificate_stands_in_a_policy_of_its_own(template: Json) -> None:
    policies = {
        name.removeprefix("Import")[:-8]: [
            (each["Sid"], each["Resource"]) for each in written(found["Properties"]["PolicyDocument"]["Statement"])
        ]
        for name, found in resources(template, "AWS::IAM::Policy").items()
        if "acm:" in str(found)
    }
    any_certificate = "arn:${AWS::Partition}:acm:${AWS::Region}:${AWS::AccountId}:certificate/*"

    assert policies == {
        "FirstImport": [("ImportNew", any_certificate), ("EndOwn", any_certificate)],
        "FurtherImports": [("ImportAgain", ARN)],
    }


def test_nothing_is_allowed_on_any_certificate_without_its_tag(template: Json) -> None:
    for statement in statements_by_handler(template)[HANDLER]:
        if statement["Resource"] != ARN:
            assert "Shop/Own" in statement["Condition"]["StringEquals"].values()


def test_it_may_be_given_less_time(tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Shop")

    assert function(stack, timeout=cdk.Duration.minutes(1)).timeout.to_seconds() == 60
