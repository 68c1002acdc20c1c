"""EnvelopeEncryption: two functions, each with its own permissions, under any kind of key in any stack."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.envelope_encryption import EnvelopeEncryption
from constructs_lib.errors import ConfigurationError
from tests.support.findings import COLLECT_ONLY, Finding, add_packs, collect_findings, unacknowledged

MakeApp = Callable[..., cdk.App]
MakeKey = Callable[[Construct, str], kms.IKey]

FRAMEWORKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
POLICY = "EncryptRole/DefaultPolicy/Resource"
FUNCTION = "Resource/Resource"
KEYS: dict[str, MakeKey] = {
    "our own key": lambda scope, name: EncryptionKey(scope, name, alias=name.lower()),
    "a key of the CDK": lambda scope, name: kms.Key(scope, name, enable_key_rotation=True),
}


def envelope(stack: cdk.Stack, *, keys_in: cdk.Stack | None = None, **changed: Any) -> EnvelopeEncryption:
    arguments: dict[str, Any] = {"required_context": ["purpose"], **changed}
    make_key: MakeKey = arguments.pop("make_key", KEYS["our own key"])
    for name in ("encryption_key", "operations_key"):
        if name not in arguments:
            arguments[name] = make_key(keys_in or stack, name.title().replace("_", ""))
    return EnvelopeEncryption(stack, "Envelope", **arguments)


def resources_of(app: cdk.App, stack: str, kind: str) -> dict[str, dict[str, Any]]:
    template = json.loads(Path(app.synth().directory, f"{stack}.template.json").read_text())
    return {
        name: resource["Properties"] for name, resource in template["Resources"].items() if resource["Type"] == kind
    }


def kms_actions_by_function(app: cdk.App, stack: str) -> dict[str, set[str]]:
    """Give the KMS actions that each function's role has in IAM, by handler."""
    policies = resources_of(app, stack, "AWS::IAM::Policy").values()
    found: dict[str, set[str]] = {}
    for function in resources_of(app, stack, "AWS::Lambda::Function").values():
        role = {"Ref": function["Role"]["Fn::GetAtt"][0]}
        statements = [each for p in policies if p["Roles"] == [role] for each in p["PolicyDocument"]["Statement"]]
        actions = [a for s in statements for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])]
        found[function["Handler"]] = {action for action in actions if action.startswith("kms:")}
    return found


@pytest.mark.parametrize("make_key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("place", ["same stack", "another stack"])
def test_each_function_may_call_one_operation_of_the_key(make_key: MakeKey, place: str, make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    envelope(stack, keys_in=stack if place == "same stack" else cdk.Stack(app, "Keys"), make_key=make_key)

    assert kms_actions_by_function(app, "Orders") == {
        "envelope.handler.encrypt": {"kms:GenerateDataKey"},
        "envelope.handler.decrypt": {"kms:Decrypt"},
    }


@pytest.mark.parametrize("place", ["same stack", "another stack"])
def test_the_policy_of_our_own_key_admits_each_function_for_one_operation(place: str, make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    keys_in = stack if place == "same stack" else cdk.Stack(app, "Keys")
    envelope(stack, keys_in=keys_in)

    keys = resources_of(app, keys_in.stack_name, "AWS::KMS::Key")

    (policy,) = (key["KeyPolicy"] for name, key in keys.items() if name.startswith("EncryptionKey"))
    granted = [statement for statement in policy["Statement"] if statement["Sid"].startswith("Granted")]
    assert [statement["Action"] for statement in granted] == ["kms:Decrypt", "kms:GenerateDataKey"]
    for statement, role in zip(granted, ("DecryptRole", "EncryptRole"), strict=True):
        caller = statement["Principal"] if place == "same stack" else statement["Condition"]["ArnEquals"]
        assert role in json.dumps(caller)


@pytest.mark.parametrize("make_key", KEYS.values(), ids=KEYS)
def test_logs_are_admitted_to_the_operations_key_alone(make_key: MakeKey, make_app: MakeApp) -> None:
    app = make_app()
    envelope(cdk.Stack(app, "Orders"), keys_in=cdk.Stack(app, "Keys"), make_key=make_key)

    contexts = {
        name.rstrip("0123456789ABCDEF"): sorted(
            json.dumps(statement["Condition"]["ArnLike"]).partition(":log-group:")[2].partition('"')[0]
            for statement in key["KeyPolicy"]["Statement"]
            if "Service" in statement["Principal"]
        )
        for name, key in resources_of(app, "Keys", "AWS::KMS::Key").items()
    }

    assert contexts == {
        "EncryptionKey": [],
        "OperationsKey": [
            "Orders-EnvelopeDecryptLogGroup8A371673-*",
            "Orders-EnvelopeEncryptLogGroupB7B8CCFA-*",
        ],
    }


def test_both_functions_share_one_asset(make_app: MakeApp) -> None:
    app = make_app()
    envelope(cdk.Stack(app, "Orders"))

    functions = resources_of(app, "Orders", "AWS::Lambda::Function").values()
    assets = json.loads(Path(app.outdir, "Orders.assets.json").read_text())["files"]

    assert len({function["Code"]["S3Key"] for function in functions}) == 1
    assert sum(asset["source"]["packaging"] == "zip" for asset in assets.values()) == 1


def test_nothing_is_reserved_and_logs_stay_a_year_if_nobody_says_otherwise(make_app: MakeApp) -> None:
    app = make_app()
    envelope(cdk.Stack(app, "Orders"))

    functions = resources_of(app, "Orders", "AWS::Lambda::Function").values()

    assert not [function for function in functions if "ReservedConcurrentExecutions" in function]
    assert {(function["Runtime"], *function["Architectures"]) for function in functions} == {("python3.13", "arm64")}
    groups = resources_of(app, "Orders", "AWS::Logs::LogGroup").values()
    assert [group["RetentionInDays"] for group in groups] == [365, 365]
    assert not [group for group in groups if "LogGroupName" in group]


def test_runtime_architecture_retention_and_concurrency_can_be_set(make_app: MakeApp) -> None:
    app = make_app()
    envelope(
        cdk.Stack(app, "Orders"),
        runtime=lambda_.Runtime.PYTHON_3_14,
        architecture=lambda_.Architecture.X86_64,
        log_retention=logs.RetentionDays.TEN_YEARS,
        reserved_concurrency=5,
    )

    for function in resources_of(app, "Orders", "AWS::Lambda::Function").values():
        assert function["Runtime"] == "python3.14"
        assert function["Architectures"] == ["x86_64"]
        assert function["ReservedConcurrentExecutions"] == 5
    for group in resources_of(app, "Orders", "AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"] == 3653


def test_the_order_of_the_required_context_changes_nothing(make_app: MakeApp) -> None:
    required = []
    for keys in (["tenant", "purpose"], ["purpose", "tenant"]):
        app = make_app()
        envelope(cdk.Stack(app, "Orders"), required_context=keys)
        functions = resources_of(app, "Orders", "AWS::Lambda::Function").values()
        required += [function["Environment"]["Variables"]["REQUIRED_CONTEXT_KEYS"] for function in functions]

    assert required == ['["purpose", "tenant"]'] * 4


@pytest.mark.parametrize(("name", "other"), [("encrypt", "Decrypt"), ("decrypt", "Encrypt")])
def test_a_grant_is_for_one_function_without_its_versions(name: str, other: str, make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    both = envelope(stack)
    caller = iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal())

    getattr(both, f"grant_invoke_{name}")(caller)

    policies = resources_of(app, "Orders", "AWS::IAM::Policy")
    (policy,) = (policy for logical_id, policy in policies.items() if logical_id.startswith("Caller"))
    (statement,) = policy["PolicyDocument"]["Statement"]
    function = f"Envelope{name.title()}"
    assert statement["Action"] == "lambda:InvokeFunction"
    assert "*" not in json.dumps(statement["Resource"])
    assert function in json.dumps(statement["Resource"])
    assert f"Envelope{other}" not in json.dumps(statement["Resource"])


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("cdk.out")),
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
        context={**COLLECT_ONLY, "aws:cdk:bundling-stacks": []},
    )
    envelope(cdk.Stack(app, "Orders"), keys_in=cdk.Stack(app, "Keys"))
    add_packs(app)
    return collect_findings(app)


def test_no_pack_finds_anything_that_is_not_answered(findings: list[Finding]) -> None:
    assert unacknowledged(findings) == []


def test_these_findings_are_answered_and_each_keeps_its_reason(findings: list[Finding]) -> None:
    answered = {(finding.rule, finding.path.removeprefix("Orders/Envelope/Encrypt/")) for finding in findings}

    expected = {
        *((f"{pack}-IAMNoInlinePolicy", path) for pack in FRAMEWORKS for path in (POLICY, "Tracing/Resource")),
        *((f"{pack}-LambdaInsideVPC", FUNCTION) for pack in FRAMEWORKS),
        *((f"{pack}-LambdaDLQ", FUNCTION) for pack in ("HIPAA.Security", "NIST.800.53.R5", "Serverless")),
        *((f"{pack}-LambdaConcurrency", FUNCTION) for pack in ("HIPAA.Security", "NIST.800.53.R5")),
        ("AwsSolutions-IAM5[Resource::*]", "Tracing/Resource"),
        ("AwsSolutions-L1", FUNCTION),
        ("Serverless-LambdaLatestVersion", FUNCTION),
        ("Serverless-LambdaAsyncFailureDestination", "Resource/EventInvokeConfig/Resource"),
    }
    assert {pair for pair in answered if "Decrypt" not in pair[1]} == expected
    assert len(findings) == 2 * len(expected)
    assert not [finding for finding in findings if "kms" in finding.rule.lower()]


def test_what_somebody_else_adds_to_a_function_is_not_answered(make_app: MakeApp) -> None:
    app = make_app(**COLLECT_ONLY)
    both = envelope(cdk.Stack(app, "Orders"))
    both.encrypt_function.add_to_role_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"]))
    add_packs(app)

    (finding,) = unacknowledged(collect_findings(app))

    assert finding.rule == "AwsSolutions-IAM5[Resource::*]"
    assert finding.path == "Orders/Envelope/Encrypt/EncryptRole/DefaultPolicy/Resource"


def test_concurrency_that_is_reserved_needs_no_answer(make_app: MakeApp) -> None:
    app = make_app(**COLLECT_ONLY)
    envelope(cdk.Stack(app, "Orders"), reserved_concurrency=1)
    add_packs(app)

    assert not [finding for finding in collect_findings(app) if finding.rule.endswith("LambdaConcurrency")]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


@pytest.mark.parametrize("make_key", KEYS.values(), ids=KEYS)
def test_refuses_one_key_for_data_and_logs(make_key: MakeKey, stack: cdk.Stack) -> None:
    key = make_key(stack, "Key")

    with pytest.raises(
        ConfigurationError, match=r"^operations_key must be another key than encryption_key, got Orders"
    ):
        envelope(stack, encryption_key=key, operations_key=key)


def test_refuses_one_key_that_was_imported_twice(stack: cdk.Stack) -> None:
    arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    one, two = (kms.Key.from_key_arn(stack, name, arn) for name in ("One", "Two"))

    with pytest.raises(ConfigurationError, match=r"^operations_key must be another key than encryption_key"):
        envelope(stack, encryption_key=one, operations_key=two)


def test_refuses_a_key_by_its_alias(stack: cdk.Stack) -> None:
    made = kms.Alias(stack, "Made", alias_name="alias/orders", target_key=kms.Key(stack, "Key"))
    found = kms.Alias.from_alias_name(stack, "Found", "alias/orders")

    for name, other in (("encryption_key", "operations_key"), ("operations_key", "encryption_key")):
        for number, alias in enumerate((made, found)):
            keys: dict[str, Any] = {name: alias, other: kms.Key(stack, f"{name}{number}")}
            with pytest.raises(ConfigurationError, match=rf"^{name} must be the key itself, got its alias$"):
                envelope(stack, **keys)


@pytest.mark.parametrize("required", [[], (), "", "purpose"])
def test_refuses_a_required_context_that_is_no_list_of_keys(required: object, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^required_context must be a list of at least one key, got "):
        envelope(stack, required_context=required)


@pytest.mark.parametrize("key", ["", " ", 7, None, cdk.Aws.REGION], ids=["empty", "blank", "number", "none", "token"])
def test_refuses_a_required_key_that_no_context_can_have(key: object, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^required_context must hold literal, non-empty strings, got "):
        envelope(stack, required_context=["purpose", key])


def test_refuses_a_required_key_that_is_reserved(stack: cdk.Stack) -> None:
    told = r"no key that begins with aws-crypto- and none called object-id, got 'aws-crypto-public-key'$"
    with pytest.raises(ConfigurationError, match=told):
        envelope(stack, required_context=["aws-crypto-public-key"])


def test_refuses_a_required_key_that_stands_twice(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^required_context must hold each key once, got "):
        envelope(stack, required_context=["purpose", "tenant", "purpose"])


def test_refuses_a_required_key_that_is_no_unicode_text(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^required_context must hold Unicode text, got half a character"):
        envelope(stack, required_context=["purpose", "\ud800"])


def test_refuses_more_required_keys_than_the_environment_of_a_function_holds(stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^required_context must be at most 3000 bytes as JSON, got more in 2"
    ):
        envelope(stack, required_context=["purpose", "k" * 3000])


def test_refuses_a_runtime_by_its_name(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^runtime must be a Runtime of aws_cdk\.aws_lambda, got 'python3"):
        envelope(stack, runtime="python3.13")


@pytest.mark.parametrize("runtime", [lambda_.Runtime.PYTHON_3_10, lambda_.Runtime.NODEJS_22_X], ids=["old", "node"])
def test_refuses_a_runtime_that_the_functions_do_not_run_on(runtime: lambda_.Runtime, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^runtime must be python3\.11 to python3\.14, got "):
        envelope(stack, runtime=runtime)


def test_refuses_an_architecture_that_lambda_does_not_have(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^architecture must be arm64 or x86_64, got riscv64$"):
        envelope(stack, architecture=lambda_.Architecture.custom("riscv64"))


@pytest.mark.parametrize(
    "concurrency",
    [0, -1, True, 1.5, "5", pytest.param(cdk.Token.as_number(cdk.Fn.ref("Concurrency")), id="parameter")],
)
def test_refuses_a_concurrency_that_is_no_number_of_executions(concurrency: object, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^reserved_concurrency must be a whole number from 1, got "):
        envelope(stack, reserved_concurrency=concurrency)
