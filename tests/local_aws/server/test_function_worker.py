import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from local_aws import LocalAws

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
    if "caller" in event:
        import boto3
        return boto3.client("sts").get_caller_identity()["Arn"]
    return {"process": os.getpid(), "environment": dict(os.environ), "path": sys.path,
            "remaining": context.get_remaining_time_in_millis(), "request_id": context.aws_request_id}
"""
WRITE_LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}


class Function:
    """A function of the embedded AWS, made from files."""

    def __init__(self, aws: LocalAws, role: str, name: str, files: Mapping[str, str], **settings: Any) -> None:
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            for path, content in files.items():
                archive.writestr(path, content)
        self._client = aws.session().client("lambda")
        self.name = name
        self._client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Architectures=["arm64"],
            Role=role,
            Code={"ZipFile": package.getvalue()},
            **{"Handler": "index.handler", **settings},
        )

    def invoke(self, **event: Any) -> tuple[Any, str | None]:
        answer = self._client.invoke(FunctionName=self.name, Payload=json.dumps(event))
        return json.load(answer["Payload"]), answer.get("FunctionError")


@pytest.fixture
def role(make_role: Callable[..., str]) -> str:
    return make_role(WRITE_LOGS, service="lambda.amazonaws.com")


def test_a_function_acts_as_its_role(aws: LocalAws, role: str) -> None:
    function = Function(aws, role, "as-role", {"index.py": CODE})

    arn, error = function.invoke(caller=True)

    assert error is None
    assert arn == f"arn:aws:sts::{aws.account}:assumed-role/{role.rsplit('/', 1)[1]}/as-role"


def test_a_failure_names_its_class_and_the_environment_lives_on(aws: LocalAws, role: str) -> None:
    function = Function(aws, role, "failing", {"index.py": CODE})
    before, _ = function.invoke()

    body, error = function.invoke(fail=True)

    assert error == "Unhandled"
    assert body["errorType"] == "InvalidRequest"
    assert json.loads(body["errorMessage"]) == {"status": 400}
    assert set(body) == {"errorMessage", "errorType", "requestId", "stackTrace"}
    assert function.invoke()[0]["process"] == before["process"]


def test_a_function_sees_lambdas_environment_and_its_own_variables(aws: LocalAws, role: str) -> None:
    function = Function(aws, role, "seeing", {"index.py": CODE}, Environment={"Variables": {"MINE": "yes"}}, Timeout=7)

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
    function = Function(aws, role, "logging", {"index.py": CODE}, LoggingConfig=logging)

    function.invoke(log=True)

    events = aws.session().client("logs").filter_log_events(logGroupName="/demo/logs")["events"]
    lines = [json.loads(event["message"]) for event in events if event["message"].startswith("{")]
    assert [(line["level"], line["logger"], line["message"], line["facts"]) for line in lines] == [
        ("INFO", "demo", "a line", {"a": 1})
    ]


def test_refuses_to_import_what_is_only_installed_on_this_machine(aws: LocalAws, role: str) -> None:
    function = Function(aws, role, "alone", {"index.py": CODE})

    body, _ = function.invoke(**{"import": "pytest"})
    _, error = function.invoke(**{"import": "boto3"})

    assert body["errorType"] == "ModuleNotFoundError"
    assert error is None


def test_refuses_to_run_as_a_role_that_does_not_exist(aws: LocalAws, role: str) -> None:
    function = Function(aws, role, "orphan", {"index.py": CODE})
    iam = aws.session().client("iam")
    iam.delete_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyName="role")
    iam.delete_role(RoleName=role.rsplit("/", 1)[1])

    body, error = function.invoke()

    assert error == "Unhandled"
    assert "cannot be assumed by Lambda" in body["errorMessage"]
