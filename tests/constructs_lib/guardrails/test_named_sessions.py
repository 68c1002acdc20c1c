"""Sessions in policies of secrets written by hand: whose they may be."""

from typing import Any

import pytest

from tests.support.denied_by_secret import ROLE_ARN, called, denied, deny, policy

OF_FUNCTION = "AROA*:RotateOrders"
BUILD, LAMBDA = {"Service": "codebuild.amazonaws.com"}, {"Service": ["lambda.amazonaws.com"]}


def but_sessions(user_id: Any = OF_FUNCTION) -> dict[str, Any]:
    return deny(ArnNotEquals={"aws:PrincipalArn": called("Other")}, StringNotLike={"aws:userid": user_id})


def assumed_by(*principals: Any) -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": each} for each in principals]
    return {"AssumeRolePolicyDocument": {"Statement": statements}}


def function(**named: Any) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"Role": ROLE_ARN, **named}}


@pytest.mark.parametrize(
    ("role", "found"),
    [
        (assumed_by(BUILD), 1),
        (assumed_by(BUILD, {"Service": {"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}}), 1),
        (assumed_by(LAMBDA), 0),
        (assumed_by({"AWS": called("Anybody")}), 0),
        (assumed_by(BUILD, {"Federated": "cognito-identity.amazonaws.com"}), 0),
        (assumed_by({"Service": {"Ref": "Service"}}), 0),
        ({}, 0),
    ],
    ids=["service", "services", "functions", "people", "either", "unknown service", "unknown"],
)
def test_a_service_that_runs_no_functions_calls_its_sessions_otherwise(role: dict[str, Any], found: int) -> None:
    assert len(denied(but_sessions(), role=role)) == found


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ({"FunctionName": "RotateOrders"}, 0),
        ({"FunctionName": {"Ref": "Name"}}, 0),
        ({"FunctionName": "Report"}, 1),
        ({}, 1),
    ],
    ids=["that one", "unknown", "another", "drawn"],
)
def test_the_role_of_functions_has_sessions_of_their_names(named: dict[str, Any], found: int) -> None:
    others = {"Function": function(**named), "Policy": policy()}

    assert len(denied(but_sessions(), role=assumed_by(LAMBDA), **others)) == found


def test_a_user_has_no_sessions() -> None:
    held = policy(holder={"Users": ["anna"]})

    assert len(denied(but_sessions(), Policy=held)) == 1
    assert denied(but_sessions("111122223333:anna"), Policy=held) == []


def test_an_imported_role_may_have_any_session() -> None:
    assert denied(but_sessions(), Policy=policy(holder={"Roles": ["Reader"]})) == []


@pytest.mark.parametrize("name", [{"Ref": "Name"}, {"Fn::ImportValue": "name"}], ids=["parameter", "import"])
def test_a_session_that_only_the_deployment_knows_may_be_any(name: dict[str, Any]) -> None:
    assert denied(but_sessions({"Fn::Join": ["", ["AROA*:", name]]}), role=assumed_by(BUILD)) == []
