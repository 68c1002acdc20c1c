from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.naming.callers_elsewhere import CallersElsewhere
from constructs_lib.naming.role_names import UnnamedRoles
from constructs_lib.naming.token_text import TokenText
from constructs_lib.principals import Principal
from tests.support.synthesised import app_of

MakeApp = Callable[..., cdk.App]
Read = Callable[[iam.IGrantable], tuple[Principal, ...]]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


def callers(stack: cdk.Stack) -> CallersElsewhere:
    key = cdk.Resource(stack, "Key")
    return CallersElsewhere(key, TokenText(stack), UnnamedRoles.MATCH_GENERATED_NAME)


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@pytest.fixture
def other(stack: cdk.Stack) -> cdk.Stack:
    return cdk.Stack(app_of(stack), "Other", env=IRELAND)


@pytest.fixture
def read(stack: cdk.Stack) -> Read:
    readers = callers(stack)
    return lambda grantee: readers.read(grantee.grant_principal).callers


def role(scope: cdk.Stack, construct_id: str = "Role", **options: Any) -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal(), **options)


@pytest.mark.parametrize("where", ["stack", "other"])
def test_a_role_with_a_name_is_named_by_it(where: str, read: Read, request: pytest.FixtureRequest) -> None:
    reader = role(request.getfixturevalue(where), role_name="reader", path="/team/")

    assert read(reader) == (Principal.by_name("arn:aws:iam::111122223333:role/team/reader"),)


@pytest.mark.parametrize(("where", "path"), [("stack", "S/Role/Resource"), ("other", "Other/Role/Resource")])
def test_a_role_without_a_name_keeps_none_and_its_path_stands_for_it(
    where: str, path: str, read: Read, request: pytest.FixtureRequest
) -> None:
    reader = role(request.getfixturevalue(where), path="/team/")

    found = read(reader)

    assert found == (Principal.by_name(f"arn:aws:iam::111122223333:role/team/${{{path}}}"),)
    resource = reader.node.default_child
    assert isinstance(resource, iam.CfnRole)
    assert cdk.Stack.of(reader).resolve(resource.role_name) is None


def test_a_name_that_only_the_deployment_knows_is_no_name(stack: cdk.Stack, read: Read) -> None:
    parameter = cdk.CfnParameter(stack, "Name")

    (found,) = read(role(stack, role_name=parameter.value_as_string))

    assert found.named == "arn:aws:iam::111122223333:role/${S/Role/Resource}"


def test_users_are_read_in_the_same_way(stack: cdk.Stack, read: Read) -> None:
    (found,) = read(iam.User(stack, "User"))
    (named,) = read(iam.User(stack, "Named", user_name="alice"))

    assert found.named == "arn:aws:iam::111122223333:user/${S/User/Resource}"
    assert named.named == "arn:aws:iam::111122223333:user/alice"


def test_others_are_read_as_for_any_key(read: Read) -> None:
    arn = "arn:aws:iam::444455556666:role/partner"

    assert read(iam.ArnPrincipal(arn)) == (Principal.by_arn(arn),)
    assert read(iam.ServicePrincipal("sns.amazonaws.com")) == (Principal("Service", "sns.amazonaws.com"),)


def test_the_iam_side_of_each_role_of_the_app_can_be_written(stack: cdk.Stack) -> None:
    reader = role(stack)

    read = callers(stack).read(reader.grant_principal)

    assert [target.node.path for target in read.far] == ["S/Role/Resource"]
