import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.iam_statement import allow
from tests.support.zipped_function import ZippedFunction

pytestmark = pytest.mark.deploy

READ = "secretsmanager:GetSecretValue"
CODE = """
import boto3

def handler(event, context):
    return boto3.client("secretsmanager").get_secret_value(SecretId=event["secret"])["SecretString"]
"""


def test_a_function_is_known_to_the_policies_of_its_role_and_not_to_those_of_a_resource(
    aws: LocalAws, make_role: Callable[..., str]
) -> None:
    arn = f"arn:aws:lambda:{aws.region}:{aws.account}:function:itself"
    bound = {"Condition": {"ArnEquals": {"lambda:SourceFunctionArn": arn}}}
    role = make_role({**allow(READ), **bound}, service="lambda.amazonaws.com")
    itself = ZippedFunction(aws, role, "itself", {"index.py": CODE})
    another = ZippedFunction(aws, role, "another", {"index.py": CODE})
    secrets: Any = aws.session().client("secretsmanager")
    secret = secrets.create_secret(Name="of-a-function", SecretString="s")["ARN"]

    assert itself.invoke(secret=secret) == ("s", None)
    body, _ = another.invoke(secret=secret)
    assert "because no identity-based policy allows" in body["errorMessage"]
    others = {"Effect": "Deny", "Principal": "*", "Action": READ, "Resource": "*"}
    unless = {"Condition": {"ArnNotEquals": {"lambda:SourceFunctionArn": arn}}}
    policy = {"Version": "2012-10-17", "Statement": {**others, **unless}}
    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=json.dumps(policy))
    body, _ = itself.invoke(secret=secret)
    assert "with an explicit deny in a resource-based policy" in body["errorMessage"]
