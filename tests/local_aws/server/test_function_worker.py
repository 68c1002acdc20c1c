import json
import re
from collections.abc import Callable

import pytest

from local_aws import LocalAws
from tests.support.zipped_function import ZippedFunction

pytestmark = pytest.mark.deploy

CODE = """
import json, logging, os, sys

class InvalidRequest(Exception):
    pass

def handler(event, context):
    if "fail" in event:
        raise InvalidRequest(json.dumps({"status": 400}))
    if "log" in event:
        logging.getLogger("demo").info("a line", extra={"facts": {"a": 1}})
        return None
    if "import" in event:
        __import__(event["import"])
        return None
    if "megabytes" in event:
        return len(b"x" * (event["megabytes"] << 20))
    if "caller" in event:
        import boto3
        return boto3.client("sts").get_caller_identity()["Arn"]
    return {"process": os.getpid(), "environment": dict(os.environ), "path": sys.path,
            "remaining": context.get_remaining_time_in_millis(), "request_id": context.aws_request_id}
"""
WRITE_LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}


@pytest.fixture
def role(make_role: Callable[..., str]) -> str:
    return make_role(WRITE_LOGS, service="lambda.amazonaws.com")


def test_a_function_acts_as_its_role(aws: LocalAws, role: str) -> None:
    function = ZippedFunction(aws, role, "as-role", {"index.py": CODE})

    arn, error = function.invoke(caller=True)

    assert error is None
    assert arn == f"arn:aws:sts::{aws.account}:assumed-role/{role.rsplit('/', 1)[1]}/as-role"


def test_a_failure_names_its_class_and_the_environment_lives_on(aws: LocalAws, role: str) -> None:
    function = ZippedFunction(aws, role, "failing", {"index.py": CODE})
    before, _ = function.invoke()

    body, error = function.invoke(fail=True)

    assert error == "Unhandled"
    assert body["errorType"] == "InvalidRequest"
    assert json.loads(body["errorMessage"]) == {"status": 400}
    assert set(body) == {"errorMessage", "errorType", "requestId", "stackTrace"}
    assert function.invoke()[0]["process"] == before["process"]


def test_a_function_sees_lambdas_environment_and_its_own_variables(aws: LocalAws, role: str) -> None:
    function = ZippedFunction(
        aws, role, "seeing", {"index.py": CODE}, Environment={"Variables": {"MINE": "yes"}}, Timeout=7
    )

    seen, _ = function.invoke()

    environment = seen["environment"]
    assert environment["MINE"] == "yes"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "seeing"
    assert environment["AWS_REGION"] == aws.region
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert not {name for name in environment if name.startswith("MINISTACK") or name == "HOME"}
    assert 0 < seen["remaining"] <= 7000
    assert len(seen["request_id"]) == 36


def test_logs_are_json_where_the_function_says_so(aws: LocalAws, role: str) -> None:
    logging = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "/demo/logs"}
    aws.session().client("logs").create_log_group(logGroupName="/demo/logs")
    function = ZippedFunction(aws, role, "logging", {"index.py": CODE}, LoggingConfig=logging)

    function.invoke(log=True)

    events = aws.session().client("logs").filter_log_events(logGroupName="/demo/logs")["events"]
    lines = [json.loads(event["message"]) for event in events if event["message"].startswith("{")]
    assert [(line["level"], line["logger"], line["message"], line["facts"]) for line in lines] == [
        ("INFO", "demo", "a line", {"a": 1})
    ]


def test_refuses_to_import_what_is_only_installed_on_this_machine(aws: LocalAws, role: str) -> None:
    function = ZippedFunction(aws, role, "alone", {"index.py": CODE})

    body, _ = function.invoke(**{"import": "pytest"})
    _, error = function.invoke(**{"import": "boto3"})

    assert body["errorType"] == "ModuleNotFoundError"
    assert error is None


def test_refuses_to_run_as_a_role_that_does_not_exist(aws: LocalAws, role: str) -> None:
    function = ZippedFunction(aws, role, "orphan", {"index.py": CODE})
    iam = aws.session().client("iam")
    iam.delete_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyName="role")
    iam.delete_role(RoleName=role.rsplit("/", 1)[1])

    body, error = function.invoke()

    assert error == "Unhandled"
    assert "cannot be assumed by Lambda" in body["errorMessage"]


def test_reports_the_memory_of_each_invocation_as_lambda_does(aws: LocalAws, role: str) -> None:
    function = ZippedFunction(aws, role, "measured", {"index.py": CODE}, MemorySize=512)

    used = [_max_memory_used(aws, function, megabytes) for megabytes in (1, 100, 1)]

    assert 100 < used[1] - used[0] + 2 < 110
    assert used[2] < used[1] - 90


def test_refuses_a_function_more_memory_than_it_has(aws: LocalAws, role: str) -> None:
    function = ZippedFunction(aws, role, "greedy", {"index.py": CODE}, MemorySize=128)
    before, _ = function.invoke()

    body, error = function.invoke(megabytes=200)

    assert error == "Unhandled"
    assert body["errorType"] == "Runtime.ExitError"
    assert function.invoke()[0]["process"] != before["process"]


def _max_memory_used(aws: LocalAws, function: ZippedFunction, megabytes: int) -> int:
    function.invoke(megabytes=megabytes)
    events = aws.session().client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function.name}")["events"]
    reports = [found[1] for event in events if (found := re.search(r"Max Memory Used: (\d+) MB", event["message"]))]
    return int(reports[-1])
