import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.__main__ import main
from constructs_lib.execution_policy.least_policies import execution_policies
from constructs_lib.execution_policy.template_arns import Place

MakeApp = Callable[..., cdk.App]
HERE = Place(region="eu-central-1", account="111122223333")
LARGEST = 6144
TRUST: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}


def _statements(app: cdk.App, place: Place = HERE) -> list[dict[str, Any]]:
    documents = execution_policies(Path(app.synth().directory), place=place)
    return [statement for document in documents for statement in document["Statement"]]


def _on(statements: list[dict[str, Any]], action: str) -> list[str]:
    return [arn for each in statements if action in each["Action"] for arn in each["Resource"]]


def _condition(statements: list[dict[str, Any]], action: str) -> Mapping[str, Any]:
    (found,) = [each for each in statements if action in each["Action"]]
    return dict(found["Condition"])


def test_a_key_is_the_whole_of_what_a_key_needs(make_app: MakeApp) -> None:
    app = make_app()
    kms.CfnKey(cdk.Stack(app, "KeyStack"), "Key", key_policy={}, enable_key_rotation=True)

    assert _statements(app) == [
        {"Effect": "Allow", "Action": ["kms:CreateKey"], "Resource": ["*"]},
        {
            "Effect": "Allow",
            "Action": [
                "kms:DescribeKey", "kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation",
                "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags", "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription",
            ],
            "Resource": ["arn:aws:kms:eu-central-1:111122223333:key/*"],
        },
        {
            "Effect": "Allow",
            "Action": ["ssm:GetParameters"],
            "Resource": ["arn:aws:ssm:eu-central-1:111122223333:parameter/cdk-bootstrap/hnb659fds/version"],
        },
    ]  # fmt: skip


def test_names_are_as_narrow_as_the_template_allows(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "MyStack")
    iam.CfnRole(stack, "Unnamed", assume_role_policy_document=TRUST, path="/team/")
    iam.CfnRole(stack, "Named", assume_role_policy_document=TRUST, role_name="reader")
    s3.CfnBucket(stack, "Bucket")
    secretsmanager.CfnSecret(stack, "Secret")
    kms.CfnAlias(stack, "Alias", alias_name="alias/data", target_key_id="1234")

    found = _statements(app)

    assert _on(found, "iam:CreateRole") == [
        "arn:aws:iam::111122223333:role/reader", "arn:aws:iam::111122223333:role/team/MyStack-Unnamed-*",
    ]  # fmt: skip
    assert _on(found, "s3:CreateBucket") == ["arn:aws:s3:::mystack-bucket-*"]
    assert _on(found, "secretsmanager:CreateSecret") == [
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:Secret-*-??????"
    ]
    assert _on(found, "kms:CreateAlias") == [
        "arn:aws:kms:eu-central-1:111122223333:alias/data", "arn:aws:kms:eu-central-1:111122223333:key/1234",
    ]  # fmt: skip


def test_a_name_that_cloudformation_shortens_is_a_shorter_pattern(make_app: MakeApp) -> None:
    app = make_app()
    long_id = "RoleWithAnIdThatIsLongerThanARoleNameMayBeWhateverTheStack"
    iam.CfnRole(cdk.Stack(app, "Short"), long_id, assume_role_policy_document=TRUST)
    iam.CfnRole(cdk.Stack(app, "StackWithAVeryLongNameOfItsOwnIndeedSo"), long_id, assume_role_policy_document=TRUST)

    assert _on(_statements(app), "iam:CreateRole") == [
        "arn:aws:iam::111122223333:role/Short-RoleWithAnIdThatIsLo*",
        "arn:aws:iam::111122223333:role/StackWithAVeryLongNameOf*",
    ]


def _function(stack: cdk.Stack, role: str, **options: Any) -> None:
    lambda_.CfnFunction(
        stack, "Function", code={"zipFile": "x"}, role=role, runtime="python3.13", handler="i.h", **options
    )


def test_a_role_is_passed_to_lambda_only_and_across_stacks_by_its_name(make_app: MakeApp) -> None:
    app = make_app()
    role = iam.CfnRole(cdk.Stack(app, "Roles"), "Role", assume_role_policy_document=TRUST)
    _function(cdk.Stack(app, "Functions"), role.attr_arn)

    found = _statements(app)

    assert _on(found, "iam:PassRole") == ["arn:aws:iam::111122223333:role/Roles-Role-*"]
    assert _condition(found, "iam:PassRole") == {"StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com"]}}


def test_only_the_policies_of_the_template_may_be_attached(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Stack")
    basic = iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSLambdaBasicExecutionRole")
    iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), managed_policies=[basic])

    assert _condition(_statements(app), "iam:AttachRolePolicy") == {
        "ArnLike": {"iam:PolicyARN": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]}
    }


def test_keys_are_used_through_the_service_only_and_granted_to_aws_only(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Stack")
    key = kms.CfnKey(stack, "Key", key_policy={})
    _function(stack, "arn:aws:iam::111122223333:role/r", kms_key_arn=key.attr_arn)

    found = _statements(app)
    through = {"StringLike": {"kms:ViaService": ["lambda.eu-central-1.amazonaws.com"]}}

    assert _condition(found, "kms:Decrypt") == through
    assert _condition(found, "kms:CreateGrant") == {**through, "Bool": {"kms:GrantIsForAWSResource": ["true"]}}
    assert _on(found, "kms:Decrypt") == ["arn:aws:kms:eu-central-1:111122223333:key/*"]


def test_assets_are_read_from_the_staging_bucket_alone(make_app: MakeApp, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "index.py").write_text("")
    app = make_app()
    lambda_.Function(
        cdk.Stack(app, "Stack"),
        "Function",
        code=lambda_.Code.from_asset(str(code)),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
    )

    assert _on(_statements(app), "s3:GetObject") == ["arn:aws:s3:::cdk-hnb659fds-assets-111122223333-eu-central-1/*"]


def test_nested_stacks_are_read_and_deployed_too(make_app: MakeApp) -> None:
    app = make_app()
    nested = cdk.NestedStack(cdk.Stack(app, "Outer"), "Inner")
    s3.CfnBucket(nested, "Bucket")

    found = _statements(app)

    assert _on(found, "s3:CreateBucket") == ["arn:aws:s3:::outer-innernestedstackin*"]
    (stack,) = _on(found, "cloudformation:CreateStack")
    assert stack.startswith("arn:aws:cloudformation:eu-central-1:111122223333:stack/Outer-InnerNestedStack")
    assert stack.endswith("-*/*")


def test_any_account_and_region_is_meant_when_none_is_named(make_app: MakeApp) -> None:
    app = make_app()
    kms.CfnKey(cdk.Stack(app, "KeyStack"), "Key", key_policy={})

    assert _on(_statements(app, Place()), "kms:PutKeyPolicy") == ["arn:aws:kms:*:*:key/*"]


def test_no_statement_allows_an_action_by_a_pattern(make_app: MakeApp) -> None:
    app = make_app()
    s3.Bucket(cdk.Stack(app, "Stack"), "Bucket")

    assert not [action for each in _statements(app) for action in each["Action"] if "*" in action]


def test_documents_stay_below_the_limit_of_a_managed_policy(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Stack")
    for number in range(120):
        iam.CfnRole(stack, f"Role{number}", assume_role_policy_document=TRUST)
        s3.CfnBucket(stack, f"Bucket{number}")
    s3.Bucket(stack, "Another", versioned=True)

    documents = execution_policies(Path(app.synth().directory), place=HERE)
    created = [a for d in documents for s in d["Statement"] if "iam:CreateRole" in s["Action"] for a in s["Resource"]]

    assert len(documents) > 1
    assert max(len(json.dumps(document, separators=(",", ":"))) for document in documents) <= LARGEST
    assert len(created) == 120


def test_refuses_a_resource_of_an_unknown_type(make_app: MakeApp) -> None:
    app = make_app()
    cdk.CfnResource(cdk.Stack(app, "Stack"), "Thing", type="AWS::Foo::Bar")

    with pytest.raises(ConfigurationError, match="resource type of Stack/Thing must be one of"):
        execution_policies(Path(app.synth().directory))


def test_refuses_a_folder_that_is_no_assembly(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="assembly must be a folder that 'cdk synth' wrote, got "):
        execution_policies(tmp_path)


def test_the_command_prints_the_documents(make_app: MakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    app = make_app()
    kms.CfnKey(cdk.Stack(app, "KeyStack"), "Key", key_policy={})
    folder = app.synth().directory

    main([folder, "--region", HERE.region, "--account", HERE.account])

    assert json.loads(capsys.readouterr().out) == execution_policies(Path(folder), place=HERE)


def test_the_command_refuses_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path)])

    assert ended.value.code == 1
    assert capsys.readouterr().err == f"assembly must be a folder that 'cdk synth' wrote, got {tmp_path}\n"


def test_a_rotated_secret_needs_no_more_than_its_own_actions_on_itself(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Secrets")
    handle = cdk.CfnWaitConditionHandle(stack, "Handle")
    pin = cdk.CfnWaitCondition(stack, "Pin", handle=handle.ref, timeout="1", count=0)
    key, there = (
        f"arn:aws:kms:{region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        for region in ("eu-central-1", "eu-west-1")
    )
    secret = secretsmanager.CfnSecret(
        stack,
        "Secret",
        name="orders",
        kms_key_id=key,
        generate_secret_string={},
        replica_regions=[{"region": "eu-west-1", "kmsKeyId": there}],
    )
    secret.add_dependency(pin)
    secretsmanager.CfnResourcePolicy(stack, "Policy", secret_id=secret.ref, resource_policy={})
    _function(stack, "arn:aws:iam::111122223333:role/rotation", function_name="rotate")
    lambda_.CfnPermission(
        stack,
        "Permission",
        action="lambda:InvokeFunction",
        function_name="rotate",
        principal="secretsmanager.amazonaws.com",
    )
    secretsmanager.CfnRotationSchedule(
        stack,
        "Schedule",
        secret_id=secret.ref,
        rotation_lambda_arn="arn:aws:lambda:eu-central-1:111122223333:function:rotate",
    )

    found = _statements(app)

    arn = ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-??????"]
    actions = {action for each in found for action in each["Action"] if action.startswith("secretsmanager:")}
    assert {action for action in actions if _on(found, action) != arn} == {"secretsmanager:GetRandomPassword"}
    assert {"CancelRotateSecret", "PutResourcePolicy", "RotateSecret"} <= {each.partition(":")[2] for each in actions}
    function = "arn:aws:lambda:eu-central-1:111122223333:function:rotate"
    assert _on(found, "lambda:InvokeFunction") == [function]
    assert _on(found, "lambda:AddPermission") == [function, f"{function}:*"]
    (through,) = [each for each in found if "kms:GenerateDataKey" in each["Action"]]
    assert through["Action"] == ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
    assert through["Resource"] == [key, there]
    assert list(through["Condition"]) == ["StringLike"]
    assert not [each for each in found if any(action.startswith("cloudformation:") for action in each["Action"])]
