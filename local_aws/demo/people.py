"""The people of the demonstration: each acts with credentials of its own role, never as root."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    import boto3

    from local_aws import LocalAws

DENIED = "AccessDeniedException"


@dataclass
class Person:
    """Somebody who acts under one role.

    Attributes:
        name: What the tables call the role.
        role_arn: The role.
        session: A boto3 session with the role's credentials.
    """

    name: str
    role_arn: str
    session: "boto3.Session" = field(repr=False)

    @cached_property
    def kms(self) -> Any:  # noqa: ANN401  # operations are called by name
        """A KMS client."""
        return self.session.client("kms")

    def attempt(self, operation: str, **parameters: object) -> tuple[str, dict[str, Any]]:
        """Call one KMS operation.

        Returns:
            The error code, empty if the call succeeded, and the answer.
        """
        try:
            return "", getattr(self.kms, operation)(**parameters)
        except ClientError as error:
            return error.response["Error"]["Code"], {}

    def invoke(self, function_arn: str, request: dict[str, Any]) -> dict[str, Any]:
        """Invoke a function and return its answer; a failure has the key `errorType`."""
        try:
            answer = self.session.client("lambda").invoke(
                FunctionName=function_arn, Payload=json.dumps(request).encode()
            )
        except ClientError as error:
            return {"errorType": error.response["Error"]["Code"], "errorMessage": ""}
        return dict(json.loads(answer["Payload"].read()))


def act_as(aws: "LocalAws", name: str, role_arn: str) -> Person:
    """Act under a role that the account's people may assume."""
    return Person(name, role_arn, aws.session(aws.assume(role_arn, session_name=f"demo-{name.replace(' ', '-')}")))


def act_as_service_role(aws: "LocalAws", name: str, role_arn: str) -> Person:
    """Act under a role that only an AWS service may assume, as an intruder in that service would.

    The account's administrator widens the role's trust for it: that is visible, and shows what the role can do.
    """
    role_name = role_arn.rsplit("/", 1)[-1]
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"},
        "Action": "sts:AssumeRole",
    }
    iam = aws.session().client("iam")
    document: Any = iam.get_role(RoleName=role_name)["Role"]["AssumeRolePolicyDocument"]  # parsed by botocore
    document["Statement"] = [*document["Statement"], trust]
    iam.update_assume_role_policy(RoleName=role_name, PolicyDocument=json.dumps(document))
    return act_as(aws, name, role_arn)
