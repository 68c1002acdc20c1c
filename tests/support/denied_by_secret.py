"""One stack with a secret, its policy, a role and policies written by hand: what IAM allows and the secret denies."""

from typing import Any

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.denied_secrets import DeniedSecret, denied_secrets
from constructs_lib.guardrails.deployed_stack import DeployedStack

ACCOUNT = "111122223333"
READ, WRITE = "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"
SECRET = {"Ref": "Secret"}
ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
ARNS = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:"
PRINCIPAL = "aws:PrincipalArn"
HERE = DeployedStack(name="S", path="S", account=ACCOUNT, region="eu-west-1")
ANYWHERE = DeployedStack(name="S", path="S")


def called(name: str, kind: str = "role", account: str = ACCOUNT) -> str:
    """Give the ARN of a role or user."""
    return f"arn:aws:iam::{account}:{kind}/{name}"


def deny(*actions: str, sid: str = "DenyOthersReading", **conditions: Any) -> dict[str, Any]:
    """Give a statement of a secret's policy that denies everybody something."""
    statement = {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": list(actions or [READ]), "Resource": "*"}
    return {**statement, "Condition": conditions} if conditions else statement


def resource_policy(*statements: Any, secret: Any = SECRET, **further: Any) -> dict[str, Any]:
    """Give the policy of the secret."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    properties = {"SecretId": secret, "ResourcePolicy": document}
    return {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": properties, **further}


def document(*actions: Any, resource: Any = SECRET, **further: Any) -> dict[str, Any]:
    """Give an identity policy of one statement."""
    return {"Statement": [{"Effect": "Allow", "Action": list(actions or [READ]), "Resource": resource, **further}]}


def policy(*actions: Any, holder: Any = None, **further: Any) -> dict[str, Any]:
    """Give an IAM policy of the role."""
    held = holder or {"Roles": [{"Ref": "Role"}]}
    return {"Type": "AWS::IAM::Policy", "Properties": {**held, "PolicyDocument": document(*actions, **further)}}


def denied(
    *statements: Any, role: Any = None, secret: Any = None, stack: Any = HERE, **others: Any
) -> list[DeniedSecret]:
    """Give what is found in a stack; without other resources a policy lets the role read the secret."""
    resources = {
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": secret or {}},
        "SecretPolicy": resource_policy(*(statements or [deny()])),
        "Role": {"Type": "AWS::IAM::Role", "Properties": role or {}},
        **(others or {"Policy": policy()}),
    }
    return denied_secrets(CloudTemplates({"S": {"Resources": resources}}, {"S": stack}))


def holders(found: list[DeniedSecret]) -> list[str]:
    """Give the names of those who are denied."""
    return [each.holder.name if each.holder.place is None else each.holder.place.logical_id for each in found]
