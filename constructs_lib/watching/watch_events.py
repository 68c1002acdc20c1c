"""What happens around the watched keys: to their aliases, to the trail, to the roles that may use them, to the watch.

One rule each for the whole watch: the events name what they happened to.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from constructs_lib.watching.key_events import API_CALL, NOT_REFUSED, RUNBOOK
from constructs_lib.watching.messages import CALL_FACTS, CALL_PATHS, Message

_TRAIL_CALLS = ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors")
_ROLE_CALLS = (
    "UpdateAssumeRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
    "CreateRole",
    "DeleteRole",
)
_POLICY_CALLS = ("CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy")
_TOPIC_CALLS = ("SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Unsubscribe")

IAM_REGIONS: Mapping[str, str] = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""By partition, in which Region IAM's calls become events, and in no other.

Documented for `us-east-1`; the others are the Regions of IAM's only endpoint in these partitions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
https://repost.aws/knowledge-center/eventbridge-rule-triggers-iam-single-region
"""


def alias_pattern(names: Sequence[str]) -> dict[str, Any]:
    """Return the pattern of calls that make, move or delete aliases.

    Args:
        names: Names of aliases, with their prefix.
    """
    return _pattern(
        "kms", ("CreateAlias", "UpdateAlias", "DeleteAlias"), {"requestParameters": {"aliasName": list(names)}}
    )


def alias_message() -> Message:
    """Return what is said of them."""
    return _message(
        "<alias> was moved, made or deleted: <event>",
        section="an-alias-moved",
        facts=(
            "Now it points to: <target>",
            "What it means: whoever uses the key by this name encrypts under another key, or under none",
        ),
        paths={"alias": "$.detail.requestParameters.aliasName", "target": "$.detail.requestParameters.targetKeyId"},
        remedy=(
            "aws kms update-alias --region <region> --alias-name <alias> with the key of the template",
            "aws kms create-alias with the same after DeleteAlias",
        ),
    )


def trail_pattern(*, name: str, arn: str) -> dict[str, Any]:
    """Return the pattern of calls that stop or change a trail, which callers name as they like.

    Args:
        name: The trail's name.
        arn: Its ARN.
    """
    named = [name, arn]
    return _pattern(
        "cloudtrail",
        _TRAIL_CALLS,
        {"$or": [{"requestParameters": {"name": named}}, {"requestParameters": {"trailName": named}}]},
    )


def trail_message(name: str) -> Message:
    """Return what is said of them.

    Args:
        name: The trail's name.
    """
    return _message(
        f"The trail {name} was stopped or changed: <event>",
        section="the-trail-was-stopped-or-changed",
        facts=("What it means: what happens from now on may be on no record, and this watch may see nothing of it",),
        remedy=(
            f"aws cloudtrail start-logging --region <region> --name {name}",
            f"aws cloudtrail get-event-selectors --region <region> --trail-name {name}, to compare with the template",
        ),
    )


def role_pattern(names: Sequence[str]) -> dict[str, Any]:
    """Return the pattern of calls that change who may take roles, or what these may do.

    Args:
        names: Names of roles.
    """
    return _pattern("iam", _ROLE_CALLS, {"requestParameters": {"roleName": list(names)}})


def policy_pattern(arns: Sequence[str]) -> dict[str, Any]:
    """Return the pattern of calls that change what customer managed policies say.

    Args:
        arns: ARNs of policies.
    """
    return _pattern("iam", _POLICY_CALLS, {"requestParameters": {"policyArn": list(arns)}})


def policy_message() -> Message:
    """Return what is said of them."""
    return _message(
        "The policy <attached>, of roles that may use watched keys, was changed: <event>",
        section="a-watched-role-changed",
        facts=("What it means: these roles may do more, or less",),
        paths={"attached": "$.detail.requestParameters.policyArn"},
        remedy=(
            "aws iam list-policy-versions --policy-arn <attached>, and compare the default version with the template",
            "aws iam set-default-policy-version --policy-arn <attached> if nobody planned this",
        ),
    )


def role_message() -> Message:
    """Return what is said of them."""
    return _message(
        "The role <role>, which may use watched keys, was changed: <event>",
        section="a-watched-role-changed",
        facts=("Policy: <policy><attached>", "What it means: other people, or people who may do more, have the key"),
        paths={
            "role": "$.detail.requestParameters.roleName",
            "policy": "$.detail.requestParameters.policyName",
            "attached": "$.detail.requestParameters.policyArn",
        },
        remedy=(
            "aws iam get-role --role-name <role>, and compare its trust with the template",
            "aws iam list-attached-role-policies --role-name <role> and aws iam list-role-policies --role-name <role>",
        ),
    )


def rule_pattern(prefix: str) -> dict[str, Any]:
    """Return the pattern of calls that silence rules.

    What CloudFormation puts is left out, or each deployment of the watch would be news; what it deletes is not.

    Args:
        prefix: How the names of the rules begin.
    """
    named = [{"prefix": prefix}]
    by_hand = {"sourceIPAddress": [{"anything-but": ["cloudformation.amazonaws.com"]}]}
    return _pattern(
        "events",
        (),
        {
            "$or": [
                {"eventName": ["DisableRule", "DeleteRule"], "requestParameters": {"name": named}},
                {"eventName": ["RemoveTargets"], "requestParameters": {"rule": named}},
                {"eventName": ["PutRule"], "requestParameters": {"name": named}, **by_hand},
                {"eventName": ["PutTargets"], "requestParameters": {"rule": named}, **by_hand},
            ]
        },
    )


def topic_pattern(arn: str) -> dict[str, Any]:
    """Return the pattern of calls that silence a topic.

    Args:
        arn: The topic's ARN.
    """
    return _pattern(
        "sns",
        _TOPIC_CALLS,
        {
            "$or": [
                {"requestParameters": {"topicArn": [arn]}},
                {"requestParameters": {"subscriptionArn": [{"prefix": f"{arn}:"}]}},
            ]
        },
    )


def silenced_message(what: str) -> Message:
    """Return what is said of them.

    Args:
        what: What may be silent now.
    """
    return _message(
        f"The watch itself was changed, {what}: <event>",
        section="the-watch-itself-changed",
        facts=("What: <rule><name><topic><subscription>", "What it means: news of keys may not arrive any more"),
        paths={
            "rule": "$.detail.requestParameters.rule",
            "name": "$.detail.requestParameters.name",
            "topic": "$.detail.requestParameters.topicArn",
            "subscription": "$.detail.requestParameters.subscriptionArn",
        },
        remedy=(
            "aws cloudformation detect-stack-drift on the stack of the watch, then deploy it again",
            "Look at what else the same caller did: see Record",
        ),
    )


def _pattern(service: str, calls: Sequence[str], named: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": [f"aws.{service}"],
        "detail-type": [API_CALL],
        "detail": {
            "eventSource": [f"{service}.amazonaws.com"],
            **({"eventName": list(calls)} if calls else {}),
            **NOT_REFUSED,
            **named,
        },
    }


def _message(
    headline: str,
    *,
    section: str,
    facts: tuple[str, ...],
    remedy: tuple[str, ...],
    paths: Mapping[str, str] | None = None,
) -> Message:
    return Message(
        headline=headline,
        facts=(*facts, *CALL_FACTS),
        remedy=remedy,
        runbook=f"{RUNBOOK}#{section}",
        paths={**CALL_PATHS, **(paths or {})},
    )
