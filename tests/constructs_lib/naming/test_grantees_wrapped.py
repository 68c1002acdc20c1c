"""Roles behind something: a service, a condition, a composite, a ban on changing their policies."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey
from tests.support.synthesised import granted, iam_statements, resources, template_of

MakeApp = Callable[..., cdk.App]


IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


ROOT = "arn:aws:iam::111122223333:root"


def stacks(make_app: MakeApp, environment: cdk.Environment | None = IRELAND) -> tuple[cdk.Stack, cdk.Stack]:
    app = make_app()
    return cdk.Stack(app, "S", env=environment), cdk.Stack(app, "W", env=environment)


def role(stack: cdk.Stack, **options: Any) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), **options)


def allow(principal: Any, condition: Any = None, action: str = "kms:Decrypt") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return statement if condition is None else {**statement, "Condition": condition}


def by_name(ending: str, **conditions: Any) -> dict[str, Any]:
    arn = f"arn:aws:iam::111122223333:{ending}"
    return allow({"AWS": ROOT}, {"ArnEquals": {"aws:PrincipalArn": arn}, **conditions})


VIA_SECRETS = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}


TENANT = {"StringEquals": {"kms:EncryptionContext:tenant": "a"}}


def test_an_immutable_role_of_the_keys_stack_needs_no_iam_side(make_app: MakeApp) -> None:
    stack, _ = stacks(make_app)
    EncryptionKey(stack, "Key").grant_decrypt(role(stack).without_policy_updates())

    template = template_of(stack)
    assert granted(template) == {"GrantedDecrypt": allow({"AWS": "${Role1ABCC5F0.Arn}"})}
    assert iam_statements(template) == []


def test_an_immutable_role_of_another_stack_is_named_and_left_alone(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    EncryptionKey(stack, "Key").grant_decrypt(role(other, role_name="Reader").without_policy_updates())

    assert granted(template_of(stack)) == {"GrantedDecryptByName": by_name("role/Reader")}
    assert resources(template_of(other), "AWS::IAM::Policy") == {}


def test_a_role_through_a_service_keeps_the_condition_on_both_sides(make_app: MakeApp) -> None:
    from aws_cdk import aws_kms as kms  # noqa: PLC0415  # the one test that needs it

    stack, other = stacks(make_app)
    key = EncryptionKey(stack, "Key")
    near, far = role(stack), role(other, role_name="Reader")
    for each in (near, far):
        key.grant_decrypt(kms.ViaServicePrincipal("secretsmanager.eu-west-1.amazonaws.com", each))

    statements = list(granted(template_of(stack)).values())
    assert statements == [
        allow({"AWS": "${Role1ABCC5F0.Arn}"}, VIA_SECRETS),
        by_name("role/Reader", **VIA_SECRETS),
    ]
    assert iam_statements(template_of(stack)) == []
    (in_iam,) = iam_statements(template_of(other))
    assert in_iam.pop("Resource") != "*"
    assert in_iam == {"Action": "kms:Decrypt", "Effect": "Allow", "Condition": VIA_SECRETS}


def test_conditions_of_a_role_of_another_stack_stand_beside_its_name(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    EncryptionKey(stack, "Key").grant_decrypt(iam.PrincipalWithConditions(role(other, role_name="Reader"), TENANT))

    assert list(granted(template_of(stack)).values()) == [by_name("role/Reader", **TENANT)]


def test_parts_of_a_composite_are_named_each_as_what_it_is(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    near, far = role(stack), role(other, role_name="Reader")
    EncryptionKey(stack, "Key").grant_decrypt(
        iam.CompositePrincipal(near, far, iam.ServicePrincipal("sagemaker.amazonaws.com"))
    )

    assert granted(template_of(stack)) == {
        "GrantedDecrypt": allow({"AWS": "${Role1ABCC5F0.Arn}"}),
        "GrantedDecryptByName": by_name("role/Reader"),
        "GrantedDecryptToService": allow({"Service": "sagemaker.amazonaws.com"}),
    }
    (in_iam,) = iam_statements(template_of(other))
    assert in_iam["Action"] == "kms:Decrypt"
