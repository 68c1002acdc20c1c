"""One stack with a key, a role and policies written by hand: what IAM allows and the key policy does not."""

from typing import Any

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.use_without_key_policy import Use, uses_without_key_policy

ACCOUNT = "111122223333"
ARN = {"Fn::GetAtt": ["Key", "Arn"]}
ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
KEY = Located("S", "Key")


def allow(principal: Any, *actions: str, **condition: Any) -> dict[str, Any]:
    """Give a statement of a key policy."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def document(*actions: str, resource: Any = ARN, effect: str = "Allow") -> dict[str, Any]:
    """Give an identity policy of one statement."""
    return {"Statement": [{"Effect": effect, "Action": list(actions), "Resource": resource}]}


def policy(*actions: str, **options: Any) -> dict[str, Any]:
    """Give an IAM policy of the role."""
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": document(*actions, **options)},
    }


def uses(
    key_policy: list[Any], other: dict[str, Any], role: dict[str, Any] | None = None, account: str = ""
) -> list[Use]:
    """Give the uses in one stack with a key, a role and other resources."""
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": key_policy}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role or {}},
        **other,
    }
    stack = DeployedStack(name="S", path="S", account=account, region="eu-west-1" if account else "")
    return uses_without_key_policy(CloudTemplates({"S": {"Resources": resources}}, {"S": stack}), [KEY])


def missing(
    key_policy: list[Any], other: dict[str, Any], role: dict[str, Any] | None = None, account: str = ""
) -> list[tuple[Any, tuple[str, ...]]]:
    """Give holder and missing actions of each use that is found."""
    found = uses(key_policy, other, role, account)
    assert all(use.key == KEY for use in found)
    return [
        (
            use.holder.name if use.holder.place is None else use.holder.place.logical_id,
            tuple(a.removeprefix("kms:") for a in use.missing),
        )
        for use in found
    ]


ROOT = f"arn:aws:iam::{ACCOUNT}:root"
NAMED = {"RoleName": "Reader", "Path": "/team/"}


def by_name(arn: Any, operator: str = "ArnEquals") -> dict[str, Any]:
    """Give a statement of a key policy that names a caller by name."""
    return allow({"AWS": ROOT}, "kms:Decrypt", **{operator: {"aws:PrincipalArn": arn}})
