import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

# As CloudFormation's own module for inline functions does it: no SDK, nothing but the standard library.
CODE = """
import json
from urllib.request import Request, urlopen

def handler(event, context):
    print("asked", event["RequestType"], event.get("PhysicalResourceId"))
    said = event["ResourceProperties"]["Say"]
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "thing", "StackId": event["StackId"],
              "RequestId": event["RequestId"], "LogicalResourceId": event["LogicalResourceId"],
              "Data": {"Said": said}}
    if event["RequestType"] != "Delete":
        answer.update(json.loads(said) if said[:1] == "{" else {})
    urlopen(Request(event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT", headers={"content-type": ""}))
"""


def stack(say: str) -> Mapping[str, Any]:
    """Return the resources of a template with a custom resource."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    function = {
        "Code": {"ZipFile": CODE}, "Handler": "index.handler", "Runtime": "python3.13", "Timeout": 10,
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
    }  # fmt: skip
    thing = {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "ServiceTimeout": "20", "Say": say}
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [trust]}}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Thing": {"Type": "Custom::Thing", "Properties": thing},
    }


def test_a_function_answers_cloudformation_without_an_sdk(make_stacks: Callable[..., StackOperation]) -> None:
    created = make_stacks().create(stack("hello"), {"Said": {"Fn::GetAtt": ["Thing", "Said"]}})

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())
    assert created.outputs["Said"] == "hello"


def test_what_a_failed_creation_half_made_is_deleted_by_its_own_id(
    aws: LocalAws, make_stacks: Callable[..., StackOperation]
) -> None:
    failing = json.dumps({"Status": "FAILED", "Reason": "no such name", "PhysicalResourceId": "half-made"})

    outcome = make_stacks().create(stack(failing), name="HalfMade")

    assert outcome.status == "ROLLBACK_COMPLETE"
    assert (
        "Received response status [FAILED] from custom resource. Message returned: no such name" in outcome.failures[0]
    )
    logs: Any = aws.session().client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/HalfMade")["logGroups"]
    said = [each["message"].split()[1:] for group in groups
            for each in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
            if each["message"].startswith("asked")]  # fmt: skip
    assert said == [["Create", "None"], ["Delete", "half-made"]]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"Data": {"Said": "a" * 4096}}, "Response object is too long."),
        ({"PhysicalResourceId": ""}, "Invalid PhysicalResourceId"),
    ],
    ids=["too long", "without an id"],
)
def test_refuses_an_answer_that_cloudformation_does_not_take(
    make_stacks: Callable[..., StackOperation], answer: dict[str, Any], reason: str
) -> None:
    outcome = make_stacks().create(stack(json.dumps(answer)))

    assert outcome.status == "ROLLBACK_COMPLETE"
    assert outcome.failures == (f"Thing: {reason}",)


def test_refuses_a_deployer_who_may_not_invoke_the_function(make_stacks: Callable[..., StackOperation]) -> None:
    allowed = {"Effect": "Allow", "NotAction": "lambda:InvokeFunction", "Resource": "*"}

    outcome = make_stacks(allowed).create(stack("hello"))

    assert "is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:" in outcome.failures[-1]
