"""A managed secret as constructs of the CDK see it."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.interfaces.aws_secretsmanager import SecretReference

from constructs_lib.errors import ConfigurationError
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import Generated
from tests.support.secret_stack import POLICY, key_of, role, secret_of, spared, statements
from tests.support.synthesised import resources, template_of, written

KINDS = (
    "AWS::SecretsManager::Secret",
    "AWS::CloudFormation::WaitCondition",
    "AWS::CloudFormation::WaitConditionHandle",
)
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders"


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def test_it_is_known_by_its_arn_its_name_and_its_key(stack: cdk.Stack) -> None:
    secret: secretsmanager.ISecret = secret_of(stack, secret_name="orders/token")  # a name

    assert stack.resolve(secret.secret_arn)["Ref"].startswith("Secret")
    assert secret.secret_full_arn == secret.secret_arn
    assert secret.secret_name == "orders/token"
    assert isinstance(secret.secret_ref, SecretReference)
    assert secret.secret_ref.secret_id == secret.secret_arn
    assert secret.encryption_key is not None


def test_a_drawn_name_is_read_out_of_the_arn(stack: cdk.Stack) -> None:
    assert "Fn::Select" in json.dumps(stack.resolve(secret_of(stack).secret_name))


def test_what_is_referred_to_has_the_policy_of_what_is_not(stack: cdk.Stack) -> None:
    secret_of(stack, "Unseen")
    secret = secret_of(stack, content=Generated.json(fields={}, generated_field="token"))
    assert "SecretString:token" in str(stack.resolve(secret.secret_value_from_json("token").unsafe_unwrap()))
    assert "SecretString" in str(stack.resolve(secret.secret_value.unsafe_unwrap()))
    assert "AWSPREVIOUS" in str(stack.resolve(secret.cfn_dynamic_reference_key(version_stage="AWSPREVIOUS")))

    referred, unseen = (_statements(stack, name) for name in ("Secret", "Unseen"))

    assert referred == unseen
    (deployer,) = spared(referred["DenyOthersReading"])
    assert deployer.endswith("cfn-exec-role-${AWS::AccountId}-${AWS::Region}")


def test_grants_come_late_and_count(stack: cdk.Stack) -> None:
    secret = secret_of(stack)
    reader, writer, admin = (role(stack, name) for name in ("Reader", "Writer", "Admin"))
    grants = [secret.grant_read(reader, ["AWSCURRENT"]), secret.grant_write(writer), secret.grant_administer(admin)]
    secret.let_function_read(FUNCTION, "arn:aws:iam::111122223333:role/Orders-*")

    found = statements(template_of(stack))

    assert all(grant.success for grant in grants)
    assert any(each.startswith("${Reader") for each in spared(found["DenyOthersReading"]))
    assert any(each.startswith("${Writer") for each in spared(found["DenyOthersWriting"]))
    assert any(each.startswith("${Admin") for each in spared(found["DenyDeletion"]))
    assert found["DenyOthersReading"]["Condition"]["StringNotLike"] == {"aws:userid": "AROA*:rotate-orders"}
    assert "role/Orders-*" in str(found["DenyOthersReadingElsewhere"]["Condition"])


def test_statements_of_others_are_checked_and_added(stack: cdk.Stack) -> None:
    secret = secret_of(stack)
    auditor = iam.ArnPrincipal("arn:aws:iam::111122223333:role/Auditor")
    added = secret.add_to_resource_policy(
        iam.PolicyStatement(actions=["secretsmanager:DescribeSecret"], principals=[auditor])
    )

    assert added.statement_added
    assert added.policy_dependable is not None
    assert [each for each in statements(template_of(stack)) if each.startswith("AskedAllow")]


def test_deletion_by_the_root_user_is_denied_already(stack: cdk.Stack) -> None:
    secret_of(stack, "Asked").deny_account_root_delete()
    secret_of(stack, "Unasked")

    asked, unasked = (_statements(stack, name) for name in ("Asked", "Unasked"))

    assert asked == unasked
    assert asked["DenyDeletion"]["Principal"] == "*"


def test_refuses_a_schedule_of_the_cdk(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"rotation= must be given .* got add_rotation_schedule\('Schedule'\)"):
        secret_of(stack).add_rotation_schedule("Schedule", automatically_after=cdk.Duration.days(30))


def test_refuses_what_it_cannot_name(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match="grantee must be roles and users, got the service"):
        secret_of(stack).grant_read(iam.ServicePrincipal("rds.amazonaws.com"))


def test_another_id_is_another_secret_behind_another_pin_and_another_key_is_the_same_one() -> None:
    def logical_ids(name: str, key: str) -> set[str]:
        stack = cdk.Stack(cdk.App(), "Orders")
        ManagedSecret(stack, name, encryption_key=key_of(stack, key), content=Generated.text())
        return {each for kind in KINDS for each in resources(template_of(stack), kind)}

    before = logical_ids("Token", "Key")

    assert len(before) == len(KINDS)
    assert before == logical_ids("Token", "OtherKey")
    assert not before & logical_ids("Renamed", "Key")


def _statements(stack: cdk.Stack, name: str) -> dict[str, Any]:
    policies = resources(template_of(stack), POLICY)
    (found,) = (each for policy, each in policies.items() if policy.startswith(f"{name}Policy"))
    return {each["Sid"]: each for each in written(found["Properties"]["ResourcePolicy"])["Statement"]}
