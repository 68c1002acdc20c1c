"""Whom a parameter, an import or a dynamic reference names, and whom a resource of the app does."""

from collections.abc import Callable

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm

from constructs_lib import ConfigurationError, EncryptionKey

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


@jsii.implements(cdk.IStableStringProducer)
class Known:
    def produce(self) -> str:
        return "arn:aws:iam::111122223333:role/Reader"


def stacks(make_app: MakeApp) -> tuple[cdk.Stack, cdk.Stack]:
    app = make_app()
    return cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=IRELAND)


def logical_id_of(role: iam.Role) -> str:
    resource = role.node.default_child
    assert isinstance(resource, iam.CfnRole)
    return resource.logical_id


def role(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())


def attribute(stack: cdk.Stack) -> str:
    resource = cdk.CfnResource(stack, "Made", type="Custom::Role")
    return cdk.Token.as_string(resource.get_att("RoleArn"))


def parameter(stack: cdk.Stack) -> str:
    return cdk.CfnParameter(stack, "Who").value_as_string


UNKNOWN: dict[str, Callable[[cdk.Stack], iam.IGrantable]] = {
    "parameter": lambda stack: iam.ArnPrincipal(parameter(stack)),
    "parameter of Systems Manager": lambda stack: iam.ArnPrincipal(
        ssm.StringParameter.value_for_string_parameter(stack, "/reader")
    ),
    "role imported by a parameter": lambda stack: iam.Role.from_role_arn(stack, "Role", parameter(stack)),
    "role whose name is a parameter": lambda stack: iam.Role.from_role_name(stack, "Role", parameter(stack)),
    "import": lambda _: iam.ArnPrincipal(cdk.Fn.import_value("reader")),
    "role imported by an import": lambda stack: iam.Role.from_role_arn(stack, "Role", cdk.Fn.import_value("reader")),
    "part of an import": lambda _: iam.ArnPrincipal(
        cdk.Fn.select(0, cdk.Fn.split(",", cdk.Fn.import_value("readers")))
    ),
    "part of a parameter": lambda stack: iam.ArnPrincipal(cdk.Fn.select(0, cdk.Fn.split(",", parameter(stack)))),
    "parameter by its name": lambda stack: iam.ArnPrincipal(
        cdk.Fn.ref(stack.get_logical_id(cdk.CfnParameter(stack, "Who")))
    ),
    "dynamic reference": lambda _: iam.ArnPrincipal("arn:aws:iam::111122223333:role/{{resolve:ssm:/reader}}"),
    "provider": lambda stack: iam.FederatedPrincipal(parameter(stack), {}),
    "service": lambda stack: iam.ServicePrincipal(parameter(stack)),
}


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN)
def test_refuses_somebody_whom_only_the_deployment_knows(
    make: Callable[[cdk.Stack], iam.IGrantable], make_app: MakeApp
) -> None:
    stack, _ = stacks(make_app)
    who = make(stack)
    key = EncryptionKey(stack, "Key")

    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] grantee must be known at synthesis, got .*; name a role"):
        key.grant_decrypt(who)
    with pytest.raises(ConfigurationError, match=r"^\[S/Another\] auditors must be known at synthesis, got "):
        EncryptionKey(stack, "Another", auditors=[who])


@pytest.mark.parametrize(
    "make",
    [
        lambda stack, _: iam.ArnPrincipal(attribute(stack)),
        lambda _, other: iam.ArnPrincipal(attribute(other)),
        lambda stack, _: iam.ArnPrincipal(cdk.Fn.get_att(logical_id_of(role(stack)), "Arn").to_string()),
        lambda stack, _: iam.AccountPrincipal(cdk.CfnParameter(stack, "Account").value_as_string),
        lambda stack, _: iam.ArnPrincipal(f"arn:{stack.partition}:iam::{cdk.Aws.ACCOUNT_ID}:role/Reader"),
        lambda _, __: iam.ArnPrincipal(cdk.Lazy.string(Known())),
    ],
    ids=["attribute", "attribute in another stack", "by logical id", "account", "pseudo parameters", "lazy"],
)
def test_what_a_resource_says_is_somebody(make: Callable[..., iam.IGrantable], make_app: MakeApp) -> None:
    stack, other = stacks(make_app)

    assert EncryptionKey(stack, "Key").grant_decrypt(make(stack, other)).success
