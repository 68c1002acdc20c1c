"""The kinds of event that happen to a key: which they are, what they mean, and what to do.

Each kind is one rule a key, so that its message names the key by its alias, which events do not have. Kinds that one
remedy answers share a rule: an event bus takes 300 unless AWS raises that.

Calls are told from events that CloudTrail makes of them, and only those that were not refused: refusals are counted.
https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
What KMS does by itself it says itself, without a trail.
https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.service_access.creators import CREATORS, Grants
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.messages import CALL_FACTS, CALL_PATHS, NEWS_FACTS, NEWS_PATHS, Message
from constructs_lib.wiring.call_pattern import call_pattern


@dataclass(frozen=True, slots=True)
class WatchedName:
    """How rules and messages call a key.

    Attributes:
        arn: Its ARN.
        called: Its alias; for one without, its path in the app.
    """

    arn: str
    called: str


@dataclass(frozen=True, kw_only=True)
class KindOfEvent:
    """One kind of event.

    Attributes:
        headline: What happened, with `<event>` for the call and `{key}` for the key.
        remedy: What to do now. `{arn}` stands for the key's ARN.
        calls: The calls of KMS that do it; none if KMS says so itself.
        news: What KMS calls it, if it says so itself.
        facts: What the message says besides who, from where and when.
        paths: Where these facts are in the event.
        detail: What else the event must say.
        named_by_request: Whether some of these events name the key in the request alone.
        section: The section of the runbook.
    """

    headline: str
    remedy: tuple[str, ...]
    calls: tuple[str, ...] = ()
    news: str = ""
    facts: tuple[str, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    named_by_request: bool = False
    section: str

    def pattern(self, key: WatchedName) -> dict[str, Any]:
        """Return the pattern of these events of one key.

        Args:
            key: The key.
        """
        if self.news:
            return {"source": ["aws.kms"], "detail-type": [self.news], "resources": [key.arn]}
        named: dict[str, Any] = {"resources": {"ARN": [key.arn]}}
        if self.named_by_request:
            named = {"$or": [named, {"requestParameters": {"keyId": [key.arn]}}]}
        return call_pattern("kms", self.calls, {**self.detail, **named})

    def message(self, key: WatchedName) -> Message:
        """Return what is said of such an event.

        Args:
            key: The key.
        """
        facts, paths = (NEWS_FACTS, NEWS_PATHS) if self.news else (CALL_FACTS, CALL_PATHS)
        return Message(
            headline=self.headline.replace("{key}", key.called),
            facts=(f"Key: {key.called}, {key.arn}", *self.facts, *facts),
            remedy=tuple(step.replace("{arn}", key.arn) for step in self.remedy),
            section=self.section,
            paths={**paths, **self.paths},
        )


_GRANT_CALLS = ("CreateGrant", "RevokeGrant", "RetireGrant")
_GRANT_FACTS = ("Grantee: <grantee>", "Grant: <grant><revoked><retired>", "Service: <invoker>")
_GRANT_PATHS = {
    "grantee": "$.detail.requestParameters.granteePrincipal",
    "grant": "$.detail.responseElements.grantId",
    "revoked": "$.detail.requestParameters.grantId",
    "retired": "$.detail.additionalEventData.grantId",
}
_REVOKE = "aws kms revoke-grant --region <region> --key-id {arn} --grant-id <grant> if nobody planned a new one"
_IMPORT = "aws kms get-parameters-for-import --region <region> --key-id {arn}, then import the same material again"
_LOOKUP = "aws cloudtrail lookup-events --region <region> --lookup-attributes"
# Who makes grants for resources of its own. Whatever else calls for somebody, such as a task of Step Functions
# (states.amazonaws.com) or the console (signin.amazonaws.com), is told like that person. "AWS Internal" is what AWS
# writes of its own services: https://docs.aws.amazon.com/kms/latest/developerguide/ct-ec2two.html
GRANTING_SERVICES = (
    "AWS Internal",
    *(f"{service}.amazonaws.com" for service, creator in CREATORS.items() if creator.grants is not Grants.NONE),
)
"""As which `invokedBy` services ask for grants for themselves."""

KINDS: Mapping[KeyEvent, KindOfEvent] = {
    KeyEvent.DISABLED: KindOfEvent(
        headline="{key} was disabled",
        calls=("DisableKey",),
        facts=("What it means: nothing that it encrypts can be read, and nothing new can be encrypted under it",),
        remedy=("aws kms enable-key --region <region> --key-id {arn} if nobody planned this",),
        section="a-key-was-disabled",
    ),
    KeyEvent.DELETION_SCHEDULED: KindOfEvent(
        headline="{key} will be deleted on <date>",
        calls=("ScheduleKeyDeletion",),
        facts=("What it means: nothing that it encrypts can be read now, and after the deletion never again",),
        paths={"date": "$.detail.responseElements.deletionDate"},
        remedy=(
            "aws kms cancel-key-deletion --region <region> --key-id {arn} if nobody planned this",
            "aws kms enable-key --region <region> --key-id {arn}, since it stays disabled",
        ),
        section="deletion-was-scheduled",
    ),
    KeyEvent.RESUMED: KindOfEvent(
        headline="{key} can be used again, or its deletion is off: <event>",
        calls=("EnableKey", "CancelKeyDeletion"),
        facts=("What it means: after EnableKey whoever its policy admits can read what it encrypts",),
        remedy=(
            "aws kms disable-key --region <region> --key-id {arn} if it was stopped for a reason that still holds",
        ),
        section="first-look",
    ),
    KeyEvent.GONE: KindOfEvent(
        headline="{key} was deleted",
        news="KMS CMK Deletion",
        facts=("What it means: whatever it encrypts can never be read again",),
        remedy=(f"{_LOOKUP} AttributeKey=ResourceName,AttributeValue={{arn}}",),
        section="a-key-is-gone",
    ),
    KeyEvent.POLICY_OR_TAGS_CHANGED: KindOfEvent(
        headline="The key policy of {key} was replaced, or its tags: <event>",
        calls=("PutKeyPolicy", "TagResource", "UntagResource"),
        facts=(
            "What it means: somebody may have been let in or locked out, by tags if a policy anywhere looks at them",
        ),
        remedy=(
            "aws kms get-key-policy --region <region> --key-id {arn} --policy-name default, and compare it",
            "aws kms put-key-policy with that of the template if nobody planned this: a deployment alone may not",
            "aws kms list-resource-tags --region <region> --key-id {arn}, and compare them with the template",
        ),
        section="a-key-policy-changed",
    ),
    KeyEvent.GRANTS_CHANGED: KindOfEvent(
        headline="A grant for somebody to use {key} was made or ended: <event>",
        calls=_GRANT_CALLS,
        facts=_GRANT_FACTS,
        paths=_GRANT_PATHS,
        detail={"userIdentity": {"invokedBy": [{"exists": False}, {"anything-but": list(GRANTING_SERVICES)}]}},
        remedy=(_REVOKE, "aws kms list-grants --region <region> --key-id {arn} says which there are, and what for"),
        section="a-grant-was-created",
    ),
    KeyEvent.SERVICE_GRANTS_CHANGED: KindOfEvent(
        headline="A grant for an AWS service to use {key} was made or ended: <event>",
        calls=_GRANT_CALLS,
        facts=_GRANT_FACTS,
        paths=_GRANT_PATHS,
        detail={"userIdentity": {"invokedBy": list(GRANTING_SERVICES)}},
        remedy=(_REVOKE,),
        section="a-grant-was-created",
    ),
    KeyEvent.ROTATION_CHANGED: KindOfEvent(
        headline="The rotation of {key} was changed: <event>",
        calls=("DisableKeyRotation", "EnableKeyRotation", "RotateKeyOnDemand"),
        facts=("What it means: nothing is lost, old material stays readable; KMS rotates a key on demand 25 times",),
        remedy=(
            "aws kms get-key-rotation-status --region <region> --key-id {arn}",
            "aws kms enable-key-rotation with the period of the template if nobody planned this",
        ),
        section="rotation-was-disabled",
    ),
    KeyEvent.ROTATED: KindOfEvent(
        headline="{key} has new key material",
        news="KMS CMK Rotation",
        facts=("Rotation: <rotation>", "What it means: what was encrypted before stays readable"),
        paths={"rotation": "$.detail.rotation-type"},
        remedy=("Nothing, if the rotation is that of the template or was asked for",),
        section="a-key-was-rotated-on-demand",
    ),
    KeyEvent.MATERIAL_CHANGED: KindOfEvent(
        headline="The imported material of {key} was deleted or imported: <event>",
        calls=("DeleteImportedKeyMaterial", "ImportKeyMaterial"),
        facts=(
            "Expires: <expires>",
            "What it means: once it is deleted or has expired, nothing can be read until the same is imported again",
        ),
        paths={"expires": "$.detail.requestParameters.validTo"},
        remedy=(_IMPORT,),
        section="imported-material-expires-or-was-deleted",
    ),
    KeyEvent.MATERIAL_EXPIRED: KindOfEvent(
        headline="The imported material of {key} has expired",
        news="KMS Imported Key Material Expiration",
        facts=("What it means: nothing that it encrypts can be read until the same material is imported again",),
        remedy=(_IMPORT,),
        section="imported-material-expires-or-was-deleted",
    ),
    KeyEvent.REPLICATED: KindOfEvent(
        headline="{key} reaches another Region: <event>",
        calls=("ReplicateKey", "UpdatePrimaryRegion"),
        facts=(
            "Region: <replica><primary>",
            "What it means: a replica opens the same ciphertexts under a policy of its own",
        ),
        paths={
            "replica": "$.detail.requestParameters.replicaRegion",
            "primary": "$.detail.requestParameters.primaryRegion",
        },
        remedy=(
            "aws kms describe-key --region <region> --key-id {arn} names every Region of the key",
            "aws kms schedule-key-deletion in the Region of the replica if nobody planned it",
        ),
        named_by_request=True,
        section="a-replica-was-made",
    ),
}
"""Every kind of event of a key."""
