"""One function as CloudFormation gets it: role, log group, tracing, behaviour. Whole, statement by statement."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from constructs_lib.envelope_function import Duty, EnvelopeFunction
from constructs_lib.enveloping.envelope_keys import KeyUse
from constructs_lib.functions.function_settings import read_function_settings
from tests.support.announcements import announcements

MakeApp = Callable[..., cdk.App]


def envelope_function(
    scope: Construct, *, encryption_key: kms.IKey | None = None, operations_key: kms.IKey | None = None
) -> EnvelopeFunction:
    duty = Duty(
        handler="index.handle",
        description="Encrypts",
        environment={"ENVELOPE_KEY_ARN": "told"},
        uses=[KeyUse(key=encryption_key or kms.Key(scope, "Key"), actions=("kms:GenerateDataKey",))],
    )
    return EnvelopeFunction(
        scope,
        "Encrypt",
        duty=duty,
        code=lambda_.Code.from_inline("def handle(): ..."),
        operations_key=operations_key or kms.Key(scope, "Operations"),
        settings=read_function_settings({}),
    )


def synthesise(app: cdk.App, stack: str = "Orders") -> dict[str, Any]:
    template = json.loads(Path(app.synth().directory, f"{stack}.template.json").read_text())
    resources: dict[str, Any] = template["Resources"]
    return resources


def only(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (resource for resource in resources.values() if resource["Type"] == kind)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def resources(make_app: MakeApp) -> dict[str, Any]:
    app = make_app()
    envelope_function(cdk.Stack(app, "Orders"))
    return synthesise(app)


def test_its_policies_are_these_and_no_managed_ones(resources: dict[str, Any]) -> None:
    role = only(resources, "AWS::IAM::Role")["Properties"]
    policies = [
        resource["Properties"]["PolicyDocument"]["Statement"]
        for _, resource in sorted(resources.items())
        if resource["Type"] == "AWS::IAM::Policy"
    ]

    assert list(role) == ["AssumeRolePolicyDocument"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    ]
    assert policies == [
        [
            {
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Effect": "Allow",
                "Resource": {"Fn::GetAtt": ["EncryptLogGroup42EBA77C", "Arn"]},
            },
            {
                "Action": "kms:GenerateDataKey",
                "Effect": "Allow",
                "Resource": {"Fn::GetAtt": ["Key961B73FD", "Arn"]},
            },
        ],
        [
            {
                "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                "Effect": "Allow",
                "Resource": "*",
            }
        ],
    ]


def test_it_is_configured_like_this(resources: dict[str, Any]) -> None:
    function = only(resources, "AWS::Lambda::Function")

    assert function["Properties"] == {
        "Architectures": ["arm64"],
        "Code": {"ZipFile": "def handle(): ..."},
        "Description": "Encrypts",
        "Environment": {"Variables": {"ENVELOPE_KEY_ARN": "told"}},
        "Handler": "index.handle",
        "LoggingConfig": {
            "ApplicationLogLevel": "INFO",
            "LogFormat": "JSON",
            "LogGroup": {"Ref": "EncryptLogGroup42EBA77C"},
            "SystemLogLevel": "INFO",
        },
        "MemorySize": 512,
        "Role": {"Fn::GetAtt": ["EncryptEncryptRoleADAFD85E", "Arn"]},
        "Runtime": "python3.13",
        "Timeout": 30,
        "TracingConfig": {"Mode": "Active"},
    }


def test_it_waits_for_both_policies_of_its_role(resources: dict[str, Any]) -> None:
    policies = {name for name, resource in resources.items() if resource["Type"] == "AWS::IAM::Policy"}

    assert policies <= set(only(resources, "AWS::Lambda::Function")["DependsOn"])


def test_an_asynchronous_request_is_neither_retried_nor_kept(resources: dict[str, Any]) -> None:
    behaviour = only(resources, "AWS::Lambda::EventInvokeConfig")["Properties"]

    assert (behaviour["MaximumRetryAttempts"], behaviour["MaximumEventAgeInSeconds"]) == (0, 60)
    assert "DestinationConfig" not in behaviour


def test_its_log_group_is_encrypted_and_outlives_the_stack_but_not_a_failed_creation(
    resources: dict[str, Any],
) -> None:
    assert only(resources, "AWS::Logs::LogGroup") == {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"KmsKeyId": {"Fn::GetAtt": ["Operations993AC38D", "Arn"]}, "RetentionInDays": 365},
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
    }


def logs_statement(resources: dict[str, Any]) -> Any:
    (found,) = (
        statement
        for resource in resources.values()
        if resource["Type"] == "AWS::KMS::Key"
        for statement in resource["Properties"]["KeyPolicy"]["Statement"]
        if "Service" in statement["Principal"]
    )
    return found


def test_the_operations_key_admits_that_log_group_and_waits_for_nothing(resources: dict[str, Any]) -> None:
    statement = logs_statement(resources)

    context = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    region, account = {"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}
    arn = ["arn:", {"Ref": "AWS::Partition"}, ":logs:", region, ":", account]
    assert context == {"Fn::Join": ["", [*arn, ":log-group:Orders-EncryptLogGroup42EBA77C-*"]]}
    assert statement["Principal"] == {"Service": {"Fn::Join": ["", ["logs.", region, ".", {"Ref": "AWS::URLSuffix"}]]}}
    assert "Fn::GetAtt" not in json.dumps(statement)


def test_the_statement_does_not_depend_on_how_many_tokens_there_were_before(make_app: MakeApp) -> None:
    sids = set()
    for tokens in (0, 100):
        app = make_app()
        stack = cdk.Stack(app, "Orders")
        made = [cdk.Fn.ref(f"Parameter{number}") for number in range(tokens)]
        envelope_function(stack)
        sids.add(logs_statement(synthesise(app))["Sid"])
        assert len(set(made)) == tokens

    assert len(sids) == 1


def test_a_known_region_stands_literally_in_the_statement(make_app: MakeApp) -> None:
    app = make_app()
    envelope_function(cdk.Stack(app, "Orders", env=cdk.Environment(account="111122223333", region="eu-west-1")))

    statement = logs_statement(synthesise(app))

    assert statement["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"] == (
        "arn:aws:logs:eu-west-1:111122223333:log-group:Orders-EncryptLogGroup42EBA77C-*"
    )


def test_the_log_group_of_a_nested_stack_is_admitted_by_the_name_that_begins_with_the_outermost(
    make_app: MakeApp,
) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    operations_key = kms.Key(stack, "Operations")
    envelope_function(cdk.NestedStack(stack, "Inner"), operations_key=operations_key)

    statement = logs_statement(synthesise(app))

    assert ":log-group:Orders*-EncryptLogGroup" in json.dumps(statement["Condition"])


def warnings(app: cdk.App) -> list[str]:
    return announcements(app.synth().directory, "Orders", "warning")


def imported_key(stack: cdk.Stack) -> kms.IKey:
    arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    return kms.Key.from_key_arn(stack, "Imported", arn)


def test_an_operations_key_that_cannot_be_told_is_announced_with_the_missing_statement(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    envelope_function(stack, operations_key=imported_key(stack))

    (warning,) = warnings(app)

    assert "the policy of operations_key cannot be written from here" in warning
    assert "log-group:Orders-EncryptLogGroup42EBA77C-*" in warning


def test_an_encryption_key_that_cannot_be_told_is_announced_with_the_missing_statement(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    envelope_function(stack, encryption_key=imported_key(stack))

    (warning,) = warnings(app)

    assert "the policy of Orders/Imported cannot be written from here" in warning
    assert '"Action": ["kms:GenerateDataKey"]' in warning


def test_keys_of_the_app_need_no_warning(make_app: MakeApp) -> None:
    app = make_app()
    envelope_function(cdk.Stack(app, "Orders"))

    assert warnings(app) == []
