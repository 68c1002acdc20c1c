from collections.abc import Callable

import pytest

from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

# As CloudFormation's own module for inline functions does it: no SDK, nothing but the standard library.
CODE = """
import json
from urllib.request import Request, urlopen

def handler(event, context):
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "thing", "StackId": event["StackId"],
              "RequestId": event["RequestId"], "LogicalResourceId": event["LogicalResourceId"],
              "Data": {"Said": event["ResourceProperties"]["Say"]}}
    urlopen(Request(event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT", headers={"content-type": ""}))
"""


def test_a_function_answers_cloudformation_without_an_sdk(make_stacks: Callable[..., StackOperation]) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    function = {
        "Code": {"ZipFile": CODE}, "Handler": "index.handler", "Runtime": "python3.13", "Timeout": 10,
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
    }  # fmt: skip
    thing = {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "ServiceTimeout": "20", "Say": "hello"}

    created = make_stacks().create(
        {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [trust]}}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Thing": {"Type": "Custom::Thing", "Properties": thing},
        },
        {"Said": {"Fn::GetAtt": ["Thing", "Said"]}},
    )

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())
    assert created.outputs["Said"] == "hello"
