"""Whom a key policy names, and how, for each kind of principal of the CDK in the key's stack and in another."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from constructs_lib import EncryptionKey
from tests.support.synthesised import granted, iam_statements, resources, template_of

MakeApp = Callable[..., cdk.App]


Grantee = Callable[[cdk.Stack], iam.IGrantable]


IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


ROOT = "arn:aws:iam::111122223333:root"


def stacks(make_app: MakeApp, environment: cdk.Environment | None = IRELAND) -> tuple[cdk.Stack, cdk.Stack]:
    app = make_app()
    return cdk.Stack(app, "S", env=environment), cdk.Stack(app, "W", env=environment)


def role(stack: cdk.Stack, **options: Any) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), **options)


def lazy_role(stack: cdk.Stack) -> iam.LazyRole:
    return iam.LazyRole(stack, "Role", assumed_by=iam.AccountRootPrincipal())


def function(stack: cdk.Stack) -> lambda_.Function:
    return lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
    )


def allow(principal: Any, condition: Any = None, action: str = "kms:Decrypt") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return statement if condition is None else {**statement, "Condition": condition}


def by_name(ending: str, **conditions: Any) -> dict[str, Any]:
    arn = f"arn:aws:iam::111122223333:{ending}"
    return allow({"AWS": ROOT}, {"ArnEquals": {"aws:PrincipalArn": arn}, **conditions})


ON_THE_KEY = {"Action": "kms:Decrypt", "Effect": "Allow", "Resource": "${Key961B73FD.Arn}"}


TENANT = {"StringEquals": {"kms:EncryptionContext:tenant": "a"}}


@pytest.mark.parametrize(
    ("grantee", "arn"),
    [
        (role, "${Role1ABCC5F0.Arn}"),
        (lambda stack: role(stack, role_name="Reader", path="/team/billing/"), "${Role1ABCC5F0.Arn}"),
        (lambda stack: role(stack, role_name=cdk.PhysicalName.GENERATE_IF_NEEDED), "${Role1ABCC5F0.Arn}"),
        (lambda stack: role(stack, role_name=cdk.CfnParameter(stack, "P").value_as_string), "${Role1ABCC5F0.Arn}"),
        (lazy_role, "${Role1ABCC5F0.Arn}"),
        (function, "${FunctionServiceRole675BB04A.Arn}"),
        (lambda stack: iam.User(stack, "User"), "${User00B015A1.Arn}"),
        (lambda stack: iam.SessionTagsPrincipal(role(stack)), "${Role1ABCC5F0.Arn}"),
    ],
    ids=["role", "named", "generate-if-needed", "parameter", "lazy", "function", "user", "session-tags"],
)
def test_somebody_of_the_keys_stack_is_named_by_identity_and_allowed_on_both_sides(
    grantee: Grantee, arn: str, make_app: MakeApp
) -> None:
    stack, _ = stacks(make_app)
    EncryptionKey(stack, "Key").grant_decrypt(grantee(stack))

    template = template_of(stack)
    assert granted(template) == {"GrantedDecrypt": allow({"AWS": arn})}
    assert iam_statements(template) == [ON_THE_KEY]


@pytest.mark.parametrize(
    ("grantee", "ending"),
    [
        (lambda stack: role(stack, role_name="Reader", path="/team/billing/"), "role/team/billing/Reader"),
        (
            lambda stack: role(stack, role_name=f"r-{cdk.Aws.REGION}-{cdk.Aws.ACCOUNT_ID}"),
            "role/r-eu-west-1-111122223333",
        ),
        (role, "role/Role-eu-west-1-636e0667a114"),
        (lambda stack: role(stack, role_name=cdk.PhysicalName.GENERATE_IF_NEEDED), "role/Role-eu-west-1-636e0667a114"),
        (lazy_role, "role/Role-eu-west-1-a4f591526d33"),
        (function, "role/ServiceRole-eu-west-1-f60b5217749a"),
        (lambda stack: iam.User(stack, "User", user_name="Ann", path="/people/"), "user/people/Ann"),
        (lambda stack: iam.SessionTagsPrincipal(role(stack, role_name="Reader")), "role/Reader"),
    ],
    ids=["named", "pseudo-parameters", "unnamed", "generate-if-needed", "lazy", "function", "user", "session-tags"],
)
def test_somebody_of_another_stack_is_named_by_name_and_path_and_allowed_on_both_sides(
    grantee: Grantee, ending: str, make_app: MakeApp
) -> None:
    stack, other = stacks(make_app)
    EncryptionKey(stack, "Key").grant_decrypt(grantee(other))

    assert granted(template_of(stack)) == {"GrantedDecryptByName": by_name(ending)}
    (in_iam,) = iam_statements(template_of(other))
    assert in_iam.pop("Resource") != "*"
    assert in_iam == {"Action": "kms:Decrypt", "Effect": "Allow"}


@pytest.mark.parametrize(
    ("grantee", "statement"),
    [
        (
            lambda stack: iam.Role.from_role_arn(stack, "I", "arn:aws:iam::111122223333:role/team/Reader"),
            allow({"AWS": "arn:aws:iam::111122223333:role/team/Reader"}),
        ),
        (
            lambda stack: iam.Role.from_role_name(stack, "I", "Reader"),
            allow({"AWS": "arn:aws:iam::111122223333:role/Reader"}),
        ),
        (
            lambda stack: iam.Role.from_role_arn(
                stack, "I", "arn:aws:iam::111122223333:role/team/Reader", mutable=False
            ),
            allow({"AWS": "arn:aws:iam::111122223333:role/team/Reader"}),
        ),
        (
            lambda stack: iam.Role.from_role_arn(stack, "I", "arn:aws:iam::444455556666:role/team/Far"),
            allow({"AWS": "arn:aws:iam::444455556666:role/team/Far"}),
        ),
        (
            lambda _: iam.ArnPrincipal("arn:aws:iam::444455556666:role/Far"),
            allow({"AWS": "arn:aws:iam::444455556666:role/Far"}),
        ),
        (lambda _: iam.AccountPrincipal("444455556666"), allow({"AWS": "arn:aws:iam::444455556666:root"})),
        (lambda _: iam.AccountRootPrincipal(), allow({"AWS": "arn:aws:iam::111122223333:root"})),
        (
            lambda _: iam.FederatedPrincipal("arn:aws:iam::111122223333:saml-provider/Idp", {"Bool": {"k": True}}),
            allow({"Federated": "arn:aws:iam::111122223333:saml-provider/Idp"}, {"Bool": {"k": "true"}}),
        ),
        (lambda _: iam.ServicePrincipal("sagemaker.amazonaws.com"), allow({"Service": "sagemaker.amazonaws.com"})),
        (
            lambda _: iam.ServicePrincipal("logs.eu-west-1.amazonaws.com", conditions=TENANT),
            allow({"Service": "logs.eu-west-1.amazonaws.com"}, TENANT),
        ),
        (
            lambda _: iam.PrincipalWithConditions(iam.AccountPrincipal("444455556666"), TENANT),
            allow({"AWS": "arn:aws:iam::444455556666:root"}, TENANT),
        ),
        (
            lambda _: iam.PrincipalWithConditions(
                iam.StarPrincipal(), {"StringEquals": {"kms:CallerAccount": "111122223333"}}
            ),
            allow({"AWS": "arn:aws:iam::111122223333:root"}, {"StringEquals": {"kms:CallerAccount": "111122223333"}}),
        ),
        (
            lambda _: iam.PrincipalWithConditions(
                iam.StarPrincipal(), {"StringEquals": {"aws:PrincipalAccount": cdk.Aws.ACCOUNT_ID}}
            ),
            allow(
                {"AWS": "arn:aws:iam::111122223333:root"}, {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}
            ),
        ),
        (
            lambda _: iam.PrincipalWithConditions(
                iam.StarPrincipal(), {"StringEquals": {"kms:CallerAccount": "444455556666"}}
            ),
            allow("*", {"StringEquals": {"kms:CallerAccount": "444455556666"}}),
        ),
    ],
    ids=[
        *("role-arn", "role-name", "immutable", "foreign-role", "arn", "other-account", "own-account", "federated"),
        *(
            "service",
            "regional-service",
            "conditions",
            "everybody-of-the-own-account",
            "own-account-by-a-token",
            "everybody-of-another-account",
        ),
    ],
)
def test_somebody_who_belongs_to_no_stack_is_named_the_same_from_everywhere(
    grantee: Grantee, statement: dict[str, Any], make_app: MakeApp
) -> None:
    stack, other = stacks(make_app)
    near = EncryptionKey(stack, "Key").grant_decrypt(grantee(stack))
    far = EncryptionKey(other, "Key").grant_decrypt(grantee(other))

    assert near.success
    assert far.success
    for template in (template_of(stack), template_of(other)):
        assert list(granted(template).values()) == [statement]
        assert all(each["Resource"] == "${Key961B73FD.Arn}" for each in iam_statements(template))


def test_a_service_of_another_region_keeps_its_region(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="us-east-1"))
    EncryptionKey(stack, "Key").grant_decrypt(iam.ServicePrincipal("s3.amazonaws.com", region="ap-east-1"))

    (statement,) = granted(template_of(stack)).values()
    assert statement["Principal"]["Service"].startswith("s3.")


@pytest.mark.parametrize("key_is_nested", [True, False], ids=["key-nested", "role-nested"])
def test_a_nested_stack_is_another_stack(key_is_nested: bool, make_app: MakeApp) -> None:  # noqa: FBT001  # a table
    parent, _ = stacks(make_app)
    nested = cdk.NestedStack(parent, "N")
    key_stack, role_stack = (nested, parent) if key_is_nested else (parent, nested)
    EncryptionKey(key_stack, "Key").grant_decrypt(role(role_stack))

    (statement,) = granted(template_of(key_stack)).values()
    (role_resource,) = resources(template_of(role_stack), "AWS::IAM::Role").values()
    arn = f"arn:aws:iam::111122223333:role/{role_resource['Properties']['RoleName']}"
    assert statement == allow({"AWS": ROOT}, {"ArnEquals": {"aws:PrincipalArn": arn}})


def test_siblings_nested_in_one_stack_are_other_stacks(make_app: MakeApp) -> None:
    parent, _ = stacks(make_app)
    key_stack, role_stack = cdk.NestedStack(parent, "N1"), cdk.NestedStack(parent, "N2")
    EncryptionKey(key_stack, "Key").grant_decrypt(role(role_stack, role_name="Reader"))

    assert granted(template_of(key_stack)) == {"GrantedDecryptByName": by_name("role/Reader")}


def test_people_of_other_stacks_make_no_reference(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    key = EncryptionKey(stack, "Key", auditors=[role(other)])
    key.grant_decrypt(iam.User(other, "User"))

    text = json.dumps(template_of(stack))
    assert "Fn::ImportValue" not in text
    assert "Fn::GetStackOutput" not in text
    assert stack.dependencies == []


def test_a_condition_added_after_a_first_grant_holds_for_the_second(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Keys")
    key = EncryptionKey(stack, "Key", services=[])
    role = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    person = iam.PrincipalWithConditions(role, {})

    key.grant_decrypt(person)
    person.add_condition("Bool", {"aws:MultiFactorAuthPresent": "true"})
    key.grant_encrypt(person)

    template = app.synth().get_stack_by_name("Keys").template
    (resource,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::KMS::Key")
    granted = {
        tuple(statement["Action"]) if isinstance(statement["Action"], list) else (statement["Action"],): statement.get(
            "Condition"
        )
        for statement in resource["Properties"]["KeyPolicy"]["Statement"][1:]
    }
    assert granted[("kms:Decrypt",)] is None
    assert granted[("kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")] == {
        "Bool": {"aws:MultiFactorAuthPresent": "true"}
    }
