from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from constructs import Construct

from constructs_lib.auditing.database_name import check_database_name, check_name_is_free, claim_database_name
from constructs_lib.errors import ConfigurationError
from tests.support.synthesised import app_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
VIRGINIA = cdk.Environment(account="111122223333", region="us-east-1")


@pytest.mark.parametrize("name", ["a", "audit_trail_2", "a" * 128])
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert check_database_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "Audit", "audit-trail", "audit trail", "1audit", "_audit", 'a"b', "a" * 129, "default", "primary", 1]
)
def test_refuses_a_name_that_no_database_or_workgroup_can_have(name: Any) -> None:
    with pytest.raises(ConfigurationError, match="database_name must be 1 to 128 lower-case letters"):
        check_database_name(name)


def test_refuses_a_token_as_a_name() -> None:
    with pytest.raises(ConfigurationError, match="database_name must be"):
        check_database_name(cdk.Aws.STACK_NAME)


def test_refuses_a_name_that_is_taken_in_the_account_and_region(make_app: MakeApp) -> None:
    app = make_app()
    claim_database_name(cdk.Stack(app, "One", env=IRELAND), "Queries", name="audit")

    with pytest.raises(ConfigurationError, match="got 'audit', which One/Queries has already"):
        claim_database_name(cdk.Stack(app, "Two", env=IRELAND), "Queries", name="audit")


def test_a_name_can_be_had_again_elsewhere(make_app: MakeApp) -> None:
    app = make_app()
    for construct_id, env in (("One", IRELAND), ("Two", VIRGINIA), ("Three", None), ("Four", None)):
        claim_database_name(cdk.Stack(app, construct_id, env=env), "Queries", name="audit")
    claim_database_name(cdk.Stack(app, "Five", env=IRELAND), "Queries", name="other")


def workgroup(stack: cdk.Stack) -> None:
    athena.CfnWorkGroup(stack, "Other", name="audit")


def database(stack: cdk.Stack) -> None:
    given = glue.CfnDatabase.DatabaseInputProperty(name="audit")
    glue.CfnDatabase(stack, "Other", catalog_id=stack.account, database_input=given)


@pytest.mark.parametrize("make", [workgroup, database])
@pytest.mark.parametrize("env", [IRELAND, None], ids=["another stack of the place", "the same stack"])
def test_refuses_at_synthesis_a_name_that_something_else_of_the_app_has(
    make_app: MakeApp, make: Callable[[cdk.Stack], None], env: cdk.Environment | None
) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Audit", env=env)
    check_name_is_free(stack, name="other")
    check_name_is_free(Construct(stack, "Queries"), name="audit")
    make(stack if env is None else cdk.Stack(app, "Orders", env=env))

    with pytest.raises(RuntimeError, match=r"got 'audit', which (Audit|Orders)/Other has already"):
        app_of(stack).synth()


def test_what_is_elsewhere_or_of_the_queries_themselves_takes_no_name(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Audit", env=IRELAND)
    check_name_is_free(stack, name="audit")
    for make, where in ((workgroup, stack), (database, cdk.Stack(app, "There", env=VIRGINIA))):
        make(where)
    workgroup(cdk.Stack(app, "Anywhere"))

    assert app.synth().stacks
