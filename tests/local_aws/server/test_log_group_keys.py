from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

USE = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]


@pytest.fixture
def create(
    make_stacks: Callable[..., StackOperation], make_key_policy: Callable[..., dict[str, Any]]
) -> Callable[..., tuple[str, str]]:
    """Create a log group under a key with one more statement."""

    def make(statement: dict[str, Any], name: str) -> tuple[str, str]:
        policy = make_key_policy({"Effect": "Allow", "Resource": "*", "Action": USE, **statement})
        log_group = {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "LogGroupName": name}
        outcome = make_stacks().create({
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
            "LogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": log_group},
        })
        return outcome.status, " ".join(outcome.failures)

    return make


def _logs(region: str = "eu-central-1", **condition: Any) -> dict[str, Any]:
    return {"Principal": {"Service": f"logs.{region}.amazonaws.com"}, **condition}


def _for(aws: LocalAws, name: str) -> dict[str, Any]:
    arn = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:{name}"
    return {"Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}}}


def test_a_log_group_is_made_under_a_key_that_admits_the_service_for_it(
    aws: LocalAws, create: Callable[..., tuple[str, str]]
) -> None:
    assert create(_logs(**_for(aws, "admitted-*")), "admitted-one") == ("CREATE_COMPLETE", "")


@pytest.mark.parametrize("wrong", ["another log group", "another Region", "the account", "fewer actions"])
def test_refuses_a_log_group_under_a_key_that_does_not(
    aws: LocalAws, create: Callable[..., tuple[str, str]], account_root: str, wrong: str
) -> None:
    name = f"refused-{wrong.replace(' ', '-')}"
    statement = {
        "another log group": _logs(**_for(aws, "other")),
        "another Region": _logs("us-east-1"),
        "the account": {"Principal": {"AWS": account_root}},
        "fewer actions": _logs(Action=["kms:Decrypt", "kms:Encrypt"]),
    }[wrong]

    status, failures = create(statement, name)

    assert status == "ROLLBACK_COMPLETE"
    assert f"is not allowed to be used with Arn 'arn:aws:logs:{aws.region}:{aws.account}:log-group:{name}'" in failures
    groups = aws.session().client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert groups == []
