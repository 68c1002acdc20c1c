"""Policies for readers of every stack: none makes stacks wait for each other, readers read, and nobody else does."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey, KeyWatch, NewTopic
from constructs_lib.audit_queries import AuditQueries
from constructs_lib.audit_trail import AuditTrail
from tests.support.assembled import Assembled
from tests.support.bucket_judge import lets_role
from tests.support.findings import COLLECT_ONLY, Finding, add_packs, collect_findings, unacknowledged
from tests.support.literal_templates import ACCOUNT, OTHER_REGION, REGION, LiteralTemplates, Place, place_of
from tests.support.policy_judge import Caller, KmsKey

ENV = cdk.Environment(account=ACCOUNT, region=REGION)
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit"
OF_TRAIL = {"kms:EncryptionContext:aws:cloudtrail:arn": TRAIL}
THROUGH_S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
IMPORTED = "imported-auditor"
READERS = ("KeyRole", "KeyUser", "OwnRole", "EarlierRole", "LaterRole", "LaterUser", "FarRole", IMPORTED)
KEYS: dict[str, Callable[[cdk.Stack], kms.IKey]] = {
    "a key of this library": lambda stack: EncryptionKey(stack, "Key", alias="audit", services=["s3", "logs"]),
    "a key of the CDK": lambda stack: kms.Key(stack, "Key", enable_key_rotation=True),
}


@dataclass(frozen=True)
class Scene:
    """Keys and people in one stack, the record in another, and people before and after it."""

    waits_for: dict[str, set[str]]
    findings: list[Finding]
    literal: LiteralTemplates
    key: KmsKey
    key_place: Place
    people: dict[str, Place]
    bucket: str

    def caller(self, who: str) -> Caller:
        """Return somebody with what IAM allows him about keys."""
        if who in self.people:
            return self.literal.caller(self.people[who])
        return Caller(f"arn:aws:iam::{ACCOUNT}:role/{who}", tuple(self.literal.allowing(who)))

    def reads(self, who: str, action: str, below: str = "", prefix: str = "") -> bool:
        """Say whether IAM lets somebody do something with the bucket of log files."""
        place = self.people.get(who)
        policies = self.literal.allowing(self.literal.name(place) if place else who, place)
        resource = f"{self.bucket}/{below}" if below else self.bucket
        return lets_role(policies, self.caller(who).arn, action, resource, {"s3:prefix": prefix} if prefix else {})


def _role(stack: cdk.Stack, construct_id: str) -> iam.Role:
    return iam.Role(stack, construct_id, assumed_by=iam.AccountRootPrincipal())


def _use(stack: cdk.Stack, trail: AuditTrail) -> None:
    """Refer from a stack of readers to that of the record in the ways that are usual, after the record is defined."""
    of_record = cdk.Stack.of(trail)
    cdk.CfnOutput(stack, "LogFiles", value=trail.bucket.bucket_name)
    s3.Bucket(stack, "Orders", encryption_key=EncryptionKey(of_record, "OrdersKey", alias="orders"))
    watched = EncryptionKey(stack, "Watched", alias="watched")
    news = EncryptionKey(of_record, "NewsKey", alias="news")
    KeyWatch(stack, "Watch", keys=[watched], trail=trail, notify=NewTopic(encryption_key=news))


@pytest.fixture(scope="module", params=KEYS)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    out = tmp_path_factory.mktemp("cdk.out")
    app = cdk.App(outdir=str(out), builtin_cloud_formation_validation=False, context=dict(COLLECT_ONLY))
    add_packs(app)
    keys, earlier, audit, later = (cdk.Stack(app, name, env=ENV) for name in ("Keys", "Earlier", "Audit", "Later"))
    far = cdk.Stack(app, "Far", env=cdk.Environment(account=ACCOUNT, region=OTHER_REGION))
    people: dict[str, iam.Role | iam.User] = {
        "KeyRole": _role(keys, "KeyRole"),
        "KeyUser": iam.User(keys, "KeyUser"),
        "OwnRole": _role(audit, "OwnRole"),
        "EarlierRole": _role(earlier, "EarlierRole"),
        "LaterRole": _role(later, "LaterRole"),
        "LaterUser": iam.User(later, "LaterUser"),
        "FarRole": _role(far, "FarRole"),
    }
    imported = iam.Role.from_role_arn(audit, "Imported", f"arn:aws:iam::{ACCOUNT}:role/{IMPORTED}")
    key = KEYS[request.param](keys)
    readers: list[iam.IGrantable] = [*people.values(), imported]
    trail = AuditTrail(
        audit,
        "Trail",
        trail_name="audit",
        encryption_key=key,
        operations_key=key,
        readers=readers,
        access_logs=s3.Bucket(earlier, "AccessLogs", encryption=s3.BucketEncryption.S3_MANAGED),
    )
    AuditQueries(audit, "Queries", trail=trail, results_key=key, since=date(2026, 1, 1), readers=readers)
    _use(later, trail)
    people["Stranger"] = _role(keys, "Stranger")
    sqs.Queue(earlier, "Awake")  # in which every pack finds something
    findings = collect_findings(app)
    literal = LiteralTemplates(Assembled.read(out))
    files = trail.bucket
    return Scene(
        waits_for={
            each.stack_name: {other.stack_name for other in each.dependencies}
            for each in (keys, earlier, audit, later, far)
        },
        findings=findings,
        literal=literal,
        key=literal.key(place_of(key)),
        key_place=place_of(key),
        people={name: place_of(each) for name, each in people.items()},
        bucket=f"arn:aws:s3:::{literal.name(place_of(files)).lower()}",
    )


def test_readers_make_no_stack_wait_for_another(scene: Scene) -> None:
    # The record waits for its key and for the bucket of its access logs, and whoever uses the record waits for it.
    assert scene.waits_for == {
        "Keys": set(),
        "Earlier": set(),
        "Audit": {"Keys", "Earlier"},
        "Later": {"Audit"},
        "Far": set(),
    }


def test_a_policy_of_a_reader_elsewhere_refers_to_no_other_stack_and_means_buckets_of_this_account(
    scene: Scene,
) -> None:
    documents = [
        properties["PolicyDocument"]
        for stack, _, properties in scene.literal.assembled.resources("AWS::IAM::ManagedPolicy")
        if stack != "Audit"
    ]

    assert len(documents) == 2 * (len(READERS) - 2)
    assert [each for each in documents if "Fn::ImportValue" in json.dumps(each)] == []
    of_buckets = [each for document in documents for each in document["Statement"] if "s3:" in str(each["Action"])]
    assert [each for each in of_buckets if each["Condition"]["StringEquals"] != {"aws:ResourceAccount": ACCOUNT}] == []


@pytest.mark.parametrize("who", READERS)
def test_a_reader_of_every_stack_reads_and_decrypts_log_files_and_nothing_else(scene: Scene, who: str) -> None:
    reader = scene.caller(who)

    assert scene.reads(who, "s3:GetObject", "AWSLogs/x.json.gz")
    assert scene.reads(who, "s3:ListBucket", prefix="AWSLogs/")
    assert scene.key.allows(reader, "kms:Decrypt", OF_TRAIL)
    assert not scene.reads(who, "s3:GetObject", "other/x")
    assert not scene.reads(who, "s3:ListBucket", prefix="other/")
    assert not scene.reads(who, "s3:PutObject", "AWSLogs/x.json.gz")
    assert not scene.key.allows(reader, "kms:Decrypt", {})
    assert not scene.key.allows(reader, "kms:GenerateDataKey", OF_TRAIL)


@pytest.mark.parametrize("who", READERS)
def test_a_reader_of_every_stack_writes_results_through_s3_alone(scene: Scene, who: str) -> None:
    results = {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{_results(scene)}"}

    assert scene.key.allows(scene.caller(who), "kms:GenerateDataKey", {**results, **THROUGH_S3})
    assert not scene.key.allows(scene.caller(who), "kms:GenerateDataKey", results)


def _results(scene: Scene) -> str:
    (place,) = (
        (stack, logical_id)
        for stack, logical_id, _ in scene.literal.assembled.resources("AWS::S3::Bucket")
        if logical_id.startswith("QueriesResults") and "AccessLogs" not in logical_id
    )
    return scene.literal.name(place).lower()


def test_refuses_a_stranger_of_the_stack_of_the_keys(scene: Scene) -> None:
    stranger = scene.caller("Stranger")

    assert not scene.reads("Stranger", "s3:GetObject", "AWSLogs/x.json.gz")
    assert not scene.reads("Stranger", "s3:ListBucket", prefix="AWSLogs/")
    assert not scene.key.allows(stranger, "kms:Decrypt", {**OF_TRAIL, **THROUGH_S3})


def test_no_reader_has_an_inline_policy_of_which_its_owner_must_answer(scene: Scene) -> None:
    held = [
        logical_id
        for _, logical_id, properties in scene.literal.assembled.resources("AWS::IAM::Policy")
        if not logical_id.startswith("TrailCopy")
    ]

    assert held == []
    asked = {(each.rule.split("-", 1)[1], each.path) for each in unacknowledged(scene.findings)}
    # That a user holds a policy, and not a group, is up to whoever names a user.
    of_readers = {(rule, path.split("/Reads")[0]) for rule, path in asked if "/Read" in path}
    assert of_readers == {("IAMUserNoPolicies", "Keys/KeyUser"), ("IAMUserNoPolicies", "Later/LaterUser")}
