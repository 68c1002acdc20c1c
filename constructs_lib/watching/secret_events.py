"""The kinds of event that happen to a secret: which they are, what they mean, and what to do.

Each kind is one rule a secret, so that its message names the secret.

Calls are told from events that CloudTrail makes of them, and what Secrets Manager does by itself likewise, as "AWS
Service Event via CloudTrail": both need a trail that records management events.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
"""

from collections.abc import Mapping
from typing import Any

from constructs_lib.watching.kind_of_secret_event import KindOfSecretEvent, Naming
from constructs_lib.watching.secret_event import SecretEvent

_ROTATION, _LABELS, _DELETION, _ACCESS = (
    "a-secret-was-not-rotated",
    "a-secret-has-another-value",
    "a-secret-will-be-deleted-or-is-gone",
    "who-may-read-a-secret-changed",
)
_DESCRIBE = "aws secretsmanager describe-secret --region <region> --secret-id {arn}"
_LOOKUP = "aws cloudtrail lookup-events --region <region> --lookup-attributes"
_ROTATE = "aws secretsmanager rotate-secret --region <region> --secret-id {arn}"
_DEPLOY = "Deploy the template again if nobody planned this"
# What a call to rotate says that changes the rotation. One that only starts it says none of these. Patterns see only
# the ends of a record's branches, so each is named.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
_RULES_OF_ROTATION: Mapping[str, Any] = {
    "requestParameters": {
        "$or": [
            {"rotationLambdaARN": [{"exists": True}]},
            {"rotationLambdaArn": [{"exists": True}]},
            {"externalSecretRotationRoleArn": [{"exists": True}]},
            {"rotationRules": {"scheduleExpression": [{"exists": True}]}},
            {"rotationRules": {"automaticallyAfterDays": [{"exists": True}]}},
            {"rotationRules": {"duration": [{"exists": True}]}},
        ]
    }
}

SECRET_KINDS: Mapping[SecretEvent, KindOfSecretEvent] = {
    SecretEvent.ROTATION_FAILED: KindOfSecretEvent(
        headline="The rotation of {secret} failed: <event>",
        names=("RotationFailed", "TestRotationFailed"),
        naming=Naming.NEWS,
        facts=(
            "What it means: the old value is still the current one, and a version may be left pending",
            "Why: the record says in which step it failed, and the log of the rotation function what happened there",
        ),
        remedy=(
            f"{_DESCRIBE}, and read the log of its rotation function",
            f"{_ROTATE}, when the cause is mended",
        ),
        section=_ROTATION,
    ),
    SecretEvent.ROTATION_ABANDONED: KindOfSecretEvent(
        headline="A rotation of {secret} was given up, since somebody put a value meanwhile",
        names=("RotationAbandoned",),
        naming=Naming.NEWS,
        facts=(
            "What it means: the service that the secret opens may know the value of the rotation, and not the current",
        ),
        remedy=(
            f"{_LOOKUP} AttributeKey=EventName,AttributeValue=PutSecretValue, to see who put it",
            f"{_ROTATE}, when the current value opens what it should",
        ),
        section=_ROTATION,
    ),
    SecretEvent.ROTATION_CHANGED: KindOfSecretEvent(
        headline="The rotation of {secret} was set anew: schedule, window or function",
        names=("RotateSecret",),
        naming=Naming.ANSWER,
        detail=_RULES_OF_ROTATION,
        facts=(
            "Function: <function>",
            "Schedule: <schedule><days>",
            "What it means: another function sees each new value, or it comes at other times",
        ),
        paths={
            "function": "$.detail.requestParameters.rotationLambdaARN",
            "schedule": "$.detail.requestParameters.rotationRules.scheduleExpression",
            "days": "$.detail.requestParameters.rotationRules.automaticallyAfterDays",
        },
        remedy=(f"{_DESCRIBE}, and compare with the template", _DEPLOY),
        section=_ROTATION,
    ),
    SecretEvent.ROTATION_CANCELLED: KindOfSecretEvent(
        headline="{secret} is not rotated any more",
        names=("CancelRotateSecret",),
        facts=("What it means: who knows the value keeps it; a rotation under way may have left a version pending",),
        remedy=(f"{_ROTATE}, which turns it on again and rotates at once, if nobody planned this", _DESCRIBE),
        section=_ROTATION,
    ),
    SecretEvent.DELETION_SCHEDULED: KindOfSecretEvent(
        headline="{secret} will be deleted on <date>",
        names=("DeleteSecret",),
        facts=("What it means: nobody can read it now; a date that is over means that it cannot be brought back",),
        paths={"date": "$.detail.responseElements.deletionDate"},
        remedy=("aws secretsmanager restore-secret --region <region> --secret-id {arn} if nobody planned this",),
        section=_DELETION,
    ),
    SecretEvent.RESTORED: KindOfSecretEvent(
        headline="The deletion of {secret} is off",
        names=("RestoreSecret",),
        facts=("What it means: whoever may read it can do so again",),
        remedy=(
            "aws secretsmanager delete-secret --region <region> --secret-id {arn} if the reason for that still holds",
        ),
        section=_DELETION,
    ),
    SecretEvent.GONE: KindOfSecretEvent(
        headline="A version of {secret} is gone",
        names=("EndSecretVersionDelete",),
        naming=Naming.NEWS,
        facts=("What it means: if the secret was to be deleted, nobody brings it back",),
        remedy=(f"{_DESCRIBE}: if there is none, make one of its name from the template, with a new value",),
        section=_DELETION,
    ),
    SecretEvent.POLICY_OR_TAGS_CHANGED: KindOfSecretEvent(
        headline="The resource policy of {secret} was replaced or removed, or its tags were: <event>",
        names=("PutResourcePolicy", "DeleteResourcePolicy", "TagResource", "UntagResource"),
        facts=("What it means: somebody may have been let in or locked out, also of another account",),
        remedy=(
            "aws secretsmanager get-resource-policy --region <region> --secret-id {arn}, and compare with the template",
            f"{_DEPLOY}, then change the value: see who read it",
        ),
        section=_ACCESS,
    ),
    SecretEvent.KEY_CHANGED: KindOfSecretEvent(
        headline="{secret} is encrypted under another key",
        names=("UpdateSecret",),
        naming=Naming.ANSWER,
        detail={"requestParameters": {"kmsKeyId": [{"exists": True}]}},
        facts=(
            "Key: <key>",
            "What it means: the policy of that key decides who reads it, and who deletes that key deletes the value",
        ),
        paths={"key": "$.detail.requestParameters.kmsKeyId"},
        remedy=(
            f"{_DESCRIBE}, and compare its key with the template",
            _DEPLOY,
        ),
        section=_ACCESS,
    ),
    SecretEvent.VALUE_UPDATED: KindOfSecretEvent(
        headline="{secret} got a new value by an update",
        names=("UpdateSecret",),
        naming=Naming.ANSWER,
        # It answers with a version only if it made one, and the record of its request has no value.
        # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html
        detail={"responseElements": {"versionId": [{"exists": True}]}},
        facts=("What it means: whoever wrote it knows the value, and the service that it opens may not",),
        remedy=(
            f"{_LOOKUP} AttributeKey=EventName,AttributeValue=UpdateSecret, unless a deployment draws a new value now",
            f"{_ROTATE}, if nobody planned this",
        ),
        section=_LABELS,
    ),
    SecretEvent.LABEL_MOVED: KindOfSecretEvent(
        headline="Somebody else than its rotation moved a label of {secret}",
        names=("UpdateSecretVersionStage",),
        naming=Naming.ANSWER_TO_OTHERS,
        facts=("What it means: with AWSCURRENT everybody reads another value, maybe one that somebody knows",),
        remedy=(
            f"{_DESCRIBE} says which version has which label",
            f"{_ROTATE}, if nobody planned this",
        ),
        section=_LABELS,
    ),
    SecretEvent.REPLICATED: KindOfSecretEvent(
        headline="The replicas of {secret} changed: <event>",
        names=("ReplicateSecretToRegions", "RemoveRegionsFromReplication", "StopReplicationToReplica"),
        facts=("What it means: a replica is read under a policy and a key of its own Region",),
        remedy=(
            f"{_DESCRIBE} names every Region of it",
            "aws secretsmanager remove-regions-from-replication with --remove-replica-regions, by a deployer",
        ),
        section=_ACCESS,
    ),
    SecretEvent.REPLICATION_FAILED: KindOfSecretEvent(
        headline="{secret} did not reach a replica",
        names=("ReplicationFailed",),
        naming=Naming.NEWS,
        facts=("What it means: whoever reads the replica reads an old value, or none",),
        remedy=(
            f"{_DESCRIBE} says why, for each Region",
            "aws secretsmanager replicate-secret-to-regions with --force-overwrite-replica-secret, by a deployer",
        ),
        section=_ACCESS,
    ),
    SecretEvent.READING_REFUSED: KindOfSecretEvent(
        headline="Somebody was refused the value of {secret}",
        names=("GetSecretValue",),
        naming=Naming.REFUSAL,
        facts=("What it means: a permission is missing, or somebody tries doors; nothing was read",),
        remedy=("Look at what else the same caller did: see Record",),
        section="somebody-was-refused-a-secret",
    ),
}
"""Every kind of event of a secret."""
