"""A secret with a rotation function of a few lines, on the embedded AWS."""

import itertools
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support.zipped_function import ZippedFunction

if TYPE_CHECKING:
    from local_aws import LocalAws

_number = itertools.count(1)

# The secret's description says in which step it fails, once or always, or withdraws its own permission; or that it
# forges the token of the rotation.
_CODE = """
import boto3

client, functions, seen = boto3.client("secretsmanager"), boto3.client("lambda"), set()

def handler(event, context):
    arn, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    described = client.describe_secret(SecretId=arn)
    if "AWSPENDING" not in described["VersionIdsToStages"].get(token, ()):
        raise ValueError("nothing is pending")
    how, _, where = described.get("Description", "").partition(" ")
    if where == step and (how == "always" or (token, step) not in seen):
        seen.add((token, step))
        raise ValueError("as told")
    if where == step and how == "withdraws":
        functions.remove_permission(FunctionName=context.invoked_function_arn, StatementId="admitted")
    proof = "0" * 36 if how == "forges" else event["RotationToken"]
    if step == "createSecret":
        client.put_secret_value(SecretId=arn, ClientRequestToken=token, SecretString=f"made by {token}",
                                VersionStages=["AWSPENDING"], RotationToken=proof)
    if step == "finishSecret":
        current = next(each for each, stages in described["VersionIdsToStages"].items() if "AWSCURRENT" in stages)
        client.update_secret_version_stage(SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token,
                                           RemoveFromVersionId=current)
        client.update_secret_version_stage(SecretId=arn, VersionStage="AWSPENDING", RemoveFromVersionId=token)
"""


class SecretRotationScene:
    """Secrets, and one function that rotates them.

    Attributes:
        function_arn: The function's ARN; Secrets Manager is not admitted yet.
    """

    def __init__(self, aws: "LocalAws", make_role: Callable[..., str]) -> None:
        """Make the function.

        Args:
            aws: Where.
            make_role: Makes a role from statements.
        """
        everything = {
            "Effect": "Allow",
            "Action": ["lambda:RemovePermission", "logs:*", "secretsmanager:*"],
            "Resource": "*",
        }
        name = f"rotate-{next(_number)}"
        ZippedFunction(aws, make_role(everything, service="lambda.amazonaws.com"), name, {"index.py": _CODE})
        self.function_arn = f"arn:aws:lambda:{aws.region}:{aws.account}:function:{name}"
        self.client: Any = aws.session().client("secretsmanager")
        self._aws = aws

    def admit(self, statement_id: str = "admitted", **source: str) -> None:
        """Let Secrets Manager invoke the function.

        Args:
            statement_id: What the permission is called.
            source: `SourceAccount` and `SourceArn`, as AddPermission takes them.
        """
        functions: Any = self._aws.session().client("lambda")
        functions.add_permission(
            FunctionName=self.function_arn,
            StatementId=statement_id,
            Action="lambda:InvokeFunction",
            Principal="secretsmanager.amazonaws.com",
            **source,
        )

    def make_secret(self, *, fails: str = "") -> str:
        """Make a secret with the value `first` and return its ARN.

        Args:
            fails: `once`, `always` or `withdraws`, and a step; or `forges`.
        """
        return str(
            self.client.create_secret(Name=f"rotated-{next(_number)}", SecretString="first", Description=fails)["ARN"]
        )

    def rotate(self, arn: str, **settings: Any) -> str:
        """Rotate a secret by the function and return the version that it makes."""
        request = {"RotationLambdaARN": self.function_arn, "RotationRules": {"AutomaticallyAfterDays": 7}, **settings}
        return str(self.client.rotate_secret(SecretId=arn, **request)["VersionId"])

    def events(self, arn: str, last: str) -> list[dict[str, Any]]:
        """Wait for an event about a secret and return all until then, the oldest first.

        Args:
            arn: The secret.
            last: The name of the event to wait for.
        """
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = self._events(arn)
            if any(each["eventName"] == last for each in found):
                return found
            time.sleep(0.02)
        raise AssertionError(f"no {last} of {arn}: {self._events(arn)}")

    def _events(self, arn: str) -> list[dict[str, Any]]:
        answer = (
            self._aws
            .session()
            .client("cloudtrail")
            .lookup_events(
                LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": "secretsmanager.amazonaws.com"}]
            )
        )
        records = [json.loads(each["CloudTrailEvent"]) for each in reversed(answer["Events"])]
        return [each for each in records if each.get("additionalEventData", {}).get("SecretId") == arn]
