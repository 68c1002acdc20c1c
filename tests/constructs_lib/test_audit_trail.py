"""AuditTrail: what it records, where that is kept, and who may write, read and decrypt it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.auditing.data_events import DataAccess, DataEvents
from constructs_lib.auditing.insight import Insight
from constructs_lib.auditing.object_lock import ObjectLock
from constructs_lib.wiring.recorded_trail import RecordedTrail, TrailReach
from tests.support.announcements import announcements
from tests.support.assembled import Assembled
from tests.support.bucket_judge import lets_role, lets_service, lets_whoever_may_everything
from tests.support.findings import COLLECT_ONLY, Finding, add_packs, collect_findings, unacknowledged
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, LiteralTemplates, place_of
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, KmsKey
from tests.support.synthesised import Json, resources, template_of, written

ORGANIZATION = "o-a1b2c3d4e5"
CLOUDTRAIL = Caller(service="cloudtrail.amazonaws.com")
HERE = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit"
OF_ANY_REGION = f"arn:aws:cloudtrail:{OTHER_REGION}:{ACCOUNT}:trail/audit"
OTHERS = (
    f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit2",
    f"arn:aws:cloudtrail:{REGION}:{OTHER_ACCOUNT}:trail/audit",
    f"arn:aws:cloudtrail:{OTHER_REGION}:{ACCOUNT}:trail/audit",
)
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
OWN = "arn:aws:s3:::audit-trailfiles174ffe2b-"
IN_BUCKET = "kms:EncryptionContext:aws:s3:arn"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MakeApp = Callable[..., cdk.App]


@dataclass(frozen=True)
class Scene:
    """One synthesis with everything that a trail can be told."""

    trail: AuditTrail
    template: Json
    findings: list[Finding]
    key: KmsKey
    reader: Caller
    literal: LiteralTemplates
    told: list[str]

    @property
    def bucket(self) -> str:
        """The ARN of the bucket of the log files."""
        (check,) = [
            each["Resource"]
            for each in self.policy_of("TrailFilesPolicy")["Statement"]
            if each.get("Sid") == "CloudTrailChecksBucket"
        ]
        return str(check)

    def policy_of(self, begin: str) -> Json:
        """Return the policy of the bucket whose logical id begins so, with literal values."""
        (policy,) = (
            each["Properties"]["PolicyDocument"]
            for name, each in resources(self.template, "AWS::S3::BucketPolicy").items()
            if name.startswith(begin)
        )
        return dict(self.literal.literal("Audit", policy))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    out = tmp_path_factory.mktemp("cdk.out")
    app = cdk.App(outdir=str(out), builtin_cloud_formation_validation=False, context=dict(COLLECT_ONLY))
    add_packs(app)
    stack = cdk.Stack(app, "Audit", env=cdk.Environment(account=ACCOUNT, region=REGION))
    reader = iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(ACCOUNT))
    key = EncryptionKey(stack, "LogKey", alias="audit/logs", services=["s3"])
    trail = AuditTrail(
        stack,
        "Trail",
        trail_name="audit",
        encryption_key=key,
        operations_key=EncryptionKey(stack, "OperationsKey", alias="audit/operations", services=["logs"]),
        organization_id=ORGANIZATION,
        data_events=[DataEvents.of_all_objects(access=DataAccess.WRITE), DataEvents.of_all_functions()],
        insights=[Insight.ERROR_RATE, Insight.CALL_RATE],
        readers=[reader, iam.Role.from_role_arn(stack, "Far", f"arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor")],
        prefix="main",
        object_lock=ObjectLock.compliance(cdk.Duration.days(365)),
    )
    sqs.Queue(stack, "Awake")  # in which every pack finds something
    findings = collect_findings(app)
    literal = LiteralTemplates(Assembled.read(out))
    return Scene(
        trail=trail,
        template=json.loads((out / "Audit.template.json").read_text()),
        findings=findings,
        key=literal.key(place_of(key)),
        reader=literal.caller(place_of(reader)),
        literal=literal,
        told=announcements(str(out), "Audit", "info"),
    )


def of_trail(template: Json) -> Json:
    (trail,) = resources(template, "AWS::CloudTrail::Trail").values()
    return trail


def test_it_is_a_recorded_trail(scene: Scene) -> None:
    trail: RecordedTrail = scene.trail

    assert (trail.trail_name, trail.prefix, trail.organization_id) == ("audit", "main/", ORGANIZATION)
    assert trail.reach is TrailReach.EVERY_REGION
    assert (trail.home_region, trail.home_account) == (REGION, ACCOUNT)
    assert written(cdk.Stack.of(scene.trail).resolve(trail.trail_arn)) == HERE.replace(":aws:", ":${AWS::Partition}:")
    assert trail.bucket is scene.trail.bucket
    assert trail.encryption_key is scene.trail.encryption_key
    assert trail.log_group is scene.trail.log_group


def test_the_trail_records_everything_that_manages_the_account_in_every_region(scene: Scene) -> None:
    properties = written(of_trail(scene.template)["Properties"])

    selectors = properties.pop("AdvancedEventSelectors")
    assert properties == {
        "CloudWatchLogsLogGroupArn": "${TrailCopyB60AEA1A.Arn}",
        "CloudWatchLogsRoleArn": "${TrailCopyTrailRoleA18284E1.Arn}",
        "EnableLogFileValidation": True,
        "IncludeGlobalServiceEvents": True,
        "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}, {"InsightType": "ApiErrorRateInsight"}],
        "IsLogging": True,
        "IsMultiRegionTrail": True,
        "IsOrganizationTrail": True,
        "KMSKeyId": "${LogKeyE83D0C1B.Arn}",
        "S3BucketName": "${TrailFiles174FFE2B}",
        "S3KeyPrefix": "main",
        "TrailName": "audit",
    }
    assert selectors[0] == {
        "Name": "Management events",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    }
    assert selectors[1]["FieldSelectors"][-1] == {
        "Field": "resources.ARN",
        "NotStartsWith": ["${TrailFiles174FFE2B.Arn}/"],
    }
    assert len(selectors) == 3


def test_the_trail_waits_for_what_lets_it_write(scene: Scene) -> None:
    kinds = {scene.template["Resources"][name]["Type"] for name in of_trail(scene.template)["DependsOn"]}

    assert kinds == {"AWS::IAM::Policy", "AWS::S3::BucketPolicy"}


def test_what_is_recorded_stays_when_the_stack_goes(scene: Scene) -> None:
    kinds = ("AWS::S3::Bucket", "AWS::Logs::LogGroup")
    kept = [each for kind in kinds for each in resources(scene.template, kind).values()]
    (guard,) = (
        each for name, each in resources(scene.template, "AWS::S3::BucketPolicy").items() if "AccessLogs" not in name
    )

    assert len(kept) == 3
    for each in (*kept, guard):
        assert (each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_the_key_is_used_by_cloudtrail_for_this_trail_and_by_readers_of_log_files(scene: Scene) -> None:
    for_trail = {"aws:SourceArn": HERE}

    granted = {each["Sid"]: each for each in scene.key.policy["Statement"] if each["Sid"].startswith("Granted")}

    bare = [{name: value for name, value in each.items() if name != "Sid"} for each in granted.values()]
    assert sorted(bare, key=json.dumps) == sorted(
        [
            {
                "Effect": "Allow",
                "Principal": {"AWS": [scene.reader.arn, f"arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor"]},
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {"Null": {CONTEXT: "false"}},
            },
            {
                "Effect": "Allow",
                "Principal": {"AWS": [scene.reader.arn, f"arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor"]},
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"},
                    "StringLike": {IN_BUCKET: [f"{OWN}*", f"{OWN}*/*"]},
                },
            },
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                "Resource": "*",
                "Condition": {"StringEquals": for_trail},
            },
        ],
        key=json.dumps,
    )


@pytest.mark.parametrize("region", [HERE, OF_ANY_REGION], ids=["home Region", "another Region"])
def test_cloudtrail_encrypts_for_this_trail_in_every_region(scene: Scene, region: str) -> None:
    asked = {"aws:SourceArn": HERE, CONTEXT: region}

    # An S3 Bucket Key has the ARN of the bucket as its context, and AWS does not say whether the trail's is left.
    assert scene.key.allows(CLOUDTRAIL, "kms:GenerateDataKey", {"aws:SourceArn": HERE, IN_BUCKET: scene.bucket})
    assert scene.key.allows(CLOUDTRAIL, "kms:GenerateDataKey", asked)
    assert scene.key.allows(CLOUDTRAIL, "kms:Decrypt", asked)
    assert scene.key.allows(CLOUDTRAIL, "kms:DescribeKey", {"aws:SourceArn": HERE})


@pytest.mark.parametrize("source", OTHERS)
def test_refuses_cloudtrail_for_another_trail(scene: Scene, source: str) -> None:
    for action in ("kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"):
        assert not scene.key.allows(CLOUDTRAIL, action, {"aws:SourceArn": source, CONTEXT: source})


def test_refuses_cloudtrail_anything_else_under_the_key(scene: Scene) -> None:
    asked = {"aws:SourceArn": HERE}

    assert not scene.key.allows(CLOUDTRAIL, "kms:GenerateDataKey", {})
    for action in ("kms:Encrypt", "kms:ReEncryptFrom", "kms:CreateGrant", "kms:PutKeyPolicy"):
        assert not scene.key.allows(CLOUDTRAIL, action, {**asked, CONTEXT: HERE})


@pytest.mark.parametrize("service", ["s3", "logs", "config", "delivery.logs", "logging.s3", f"logs.{REGION}"])
def test_refuses_other_services_the_key(scene: Scene, service: str) -> None:
    caller = Caller(service=f"{service}.amazonaws.com")

    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        assert not scene.key.allows(caller, action, {"aws:SourceArn": HERE, CONTEXT: HERE})


def test_a_reader_decrypts_log_files_whatever_s3_makes_of_their_context_and_nothing_else(scene: Scene) -> None:
    far = Caller(f"arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor", (ALLOW_EVERYTHING,))
    through_s3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    of_bucket, of_object = {IN_BUCKET: f"{OWN}1a2b"}, {IN_BUCKET: f"{OWN}1a2b/main/AWSLogs/x"}

    for reader in (scene.reader, far):
        for allowed in ({CONTEXT: HERE}, {**of_object, CONTEXT: HERE, **through_s3}, {**of_bucket, **through_s3}):
            assert scene.key.allows(reader, "kms:Decrypt", allowed)
        for other in ({}, of_bucket, through_s3, {IN_BUCKET: "arn:aws:s3:::data", **through_s3}):
            assert not scene.key.allows(reader, "kms:Decrypt", other)
        for action in ("kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"):
            assert not scene.key.allows(reader, action, {CONTEXT: HERE, **of_bucket, **through_s3})


def test_a_reader_lists_and_reads_below_the_prefix_and_does_nothing_else_there(scene: Scene) -> None:
    policies = [
        scene.literal.literal("Audit", each["Properties"]["PolicyDocument"])
        for each in resources(scene.template, "AWS::IAM::ManagedPolicy").values()
    ]
    bucket = scene.bucket

    def may(action: str, below: str = "", prefix: str = "") -> bool:
        context = {"s3:prefix": prefix} if prefix else {}
        return lets_role(policies, scene.reader.arn, action, f"{bucket}/{below}" if below else bucket, context)

    assert may("s3:GetObject", "main/AWSLogs/x.json.gz")
    assert may("s3:ListBucket", prefix="main/AWSLogs/111122223333/")
    assert not [each for each in ("x", "AWSLogs/x", "main/x") if may("s3:GetObject", each)]
    assert not [each for each in ("", "main", "main/", "AWSLogs/") if may("s3:ListBucket", prefix=each)]
    for action in ("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"):
        assert not may(action, "main/AWSLogs/x.json.gz")


def test_refuses_whoever_is_not_named_the_key_whatever_iam_allows(scene: Scene) -> None:
    for account in (ACCOUNT, OTHER_ACCOUNT):
        stranger = Caller(f"arn:aws:iam::{account}:role/Stranger", (ALLOW_EVERYTHING,))
        assert not scene.key.allows(stranger, "kms:Decrypt", {CONTEXT: HERE})


def test_only_cloudtrail_writes_into_the_bucket_and_the_far_reader_reads(scene: Scene) -> None:
    (policy,) = (
        each["Properties"]["PolicyDocument"]
        for name, each in resources(scene.template, "AWS::S3::BucketPolicy").items()
        if "AccessLogs" not in name
    )
    trail = HERE.replace(":aws:", ":${AWS::Partition}:")
    bucket = "${TrailFiles174FFE2B.Arn}"
    far = {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor"}

    assert written(policy["Statement"]) == [
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": [bucket, f"{bucket}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "OnlyServicesWrite",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "NotAction": ["s3:Get*", "s3:InitiateReplication", "s3:List*"],
            "Resource": f"{bucket}/*",
            "Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
        },
        {
            "Sid": "CloudTrailChecksBucket",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:GetBucketAcl",
            "Resource": bucket,
            "Condition": {"StringEquals": {"aws:SourceArn": trail}},
        },
        {
            "Sid": "CloudTrailWritesLogFiles",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": [
                f"{bucket}/main/AWSLogs/{ACCOUNT}/*",
                f"{bucket}/main/AWSLogs/{ORGANIZATION}/*",
            ],
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trail}},
        },
        {"Effect": "Allow", "Principal": far, "Action": "s3:GetObject", "Resource": f"{bucket}/main/AWSLogs/*"},
        {
            "Effect": "Allow",
            "Principal": far,
            "Action": "s3:ListBucket",
            "Resource": bucket,
            "Condition": {"StringLike": {"s3:prefix": "main/AWSLogs/*"}},
        },
    ]


def test_cloudtrail_delivers_for_this_trail_and_no_other(scene: Scene) -> None:
    policy = scene.policy_of("TrailFilesPolicy")
    bucket = scene.bucket
    owned = {"s3:x-amz-acl": "bucket-owner-full-control"}

    def delivers(
        folder: str,
        *,
        source: str = HERE,
        action: str = "s3:PutObject",
        acl: dict[str, str] = owned,
        service: str = "cloudtrail",
        over: str = "tls",
    ) -> bool:
        context = {"aws:SourceArn": source, **acl}
        return lets_service(policy, f"{service}.amazonaws.com", action, f"{bucket}/{folder}/x", context, over=over)

    own, organization = f"main/AWSLogs/{ACCOUNT}", f"main/AWSLogs/{ORGANIZATION}"
    assert delivers(own)
    assert delivers(organization)
    assert not [source for source in OTHERS if delivers(own, source=source)]
    assert not [action for action in ("s3:GetObject", "s3:DeleteObject") if delivers(own, action=action)]
    assert not [each for each in (f"main/AWSLogs/{OTHER_ACCOUNT}", "main", f"AWSLogs/{ACCOUNT}") if delivers(each)]
    assert not delivers(own, acl={})
    assert not delivers(own, service="config")
    assert not delivers(own, over="http")


def test_refuses_an_administrator_to_forge_or_delete_a_log_file_and_leaves_him_the_bucket(scene: Scene) -> None:
    policy, bucket = scene.policy_of("TrailFilesPolicy"), scene.bucket
    for folder in (f"main/AWSLogs/{ACCOUNT}", f"main/AWSLogs/{ORGANIZATION}", f"main/AWSLogs/{OTHER_ACCOUNT}", "x"):
        for action in ("PutObject", "DeleteObject", "DeleteObjectVersion", "BypassGovernanceRetention"):
            assert not lets_whoever_may_everything(policy, f"s3:{action}", f"{bucket}/{folder}/x")
        assert lets_whoever_may_everything(policy, "s3:GetObject", f"{bucket}/{folder}/x")
    assert lets_whoever_may_everything(policy, "s3:PutBucketPolicy", bucket)


def test_cloudtrail_checks_the_bucket_for_this_trail_and_no_other(scene: Scene) -> None:
    policy = scene.policy_of("TrailFilesPolicy")
    bucket = scene.bucket

    def checks(source: str) -> bool:
        return lets_service(policy, "cloudtrail.amazonaws.com", "s3:GetBucketAcl", bucket, {"aws:SourceArn": source})

    assert [checks(source) for source in (HERE, *OTHERS)] == [True, False, False, False]


def test_a_reader_of_another_account_is_told_what_iam_must_allow_there(scene: Scene) -> None:
    mine = [each for each in scene.told if each.startswith("readers: ")]

    assert [each.split('"Action": ')[1].split(",")[0] for each in mine] == ['"s3:GetObject"', '"s3:ListBucket"']
    assert all(
        f"the account of arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor must allow this in IAM" in each for each in mine
    )


def test_the_packs_find_nothing_that_is_not_answered(scene: Scene) -> None:
    found = {(each.rule.split("-", 1)[1], each.path) for each in unacknowledged(scene.findings)}

    assert {(rule, path) for rule, path in found if "/Awake/" not in path} == set()
    assert {each.rule for each in unacknowledged(scene.findings) if "/Awake/" in each.path} >= {
        "AwsSolutions-SQS4",
        "Serverless-SQSRedrivePolicy",
    }


def test_each_answer_is_about_one_resource_of_the_trail(scene: Scene) -> None:
    answered = {each.rule.partition("[")[0].split("-", 1)[1] for each in scene.findings if each.reason}

    assert answered == {"IAM5", "IAMNoInlinePolicy", "S3BucketReplicationEnabled", "S3DefaultEncryptionKMS"}


def trail_of(stack: cdk.Stack, **changed: Any) -> AuditTrail:
    arguments: dict[str, Any] = {"trail_name": "audit", **changed}
    for name in ("encryption_key", "operations_key"):
        if name not in arguments:
            arguments[name] = EncryptionKey(stack, name, alias=name)
    return AuditTrail(stack, "Trail", **arguments)


def test_what_nobody_asked_for_is_not_there(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Audit")
    made = trail_of(stack, encryption_key=kms.Key(stack, "LogKey"), operations_key=kms.Key(stack, "OperationsKey"))

    template = template_of(stack)

    properties = of_trail(template)["Properties"]
    assert [name for name in ("InsightSelectors", "S3KeyPrefix") if name in properties] == []
    assert properties["IsOrganizationTrail"] is False
    assert len(properties["AdvancedEventSelectors"]) == 1
    assert made.prefix == ""
    assert made.readers_policy is None
    assert made.organization_id is None
    (bucket,) = (
        each["Properties"] for name, each in resources(template, "AWS::S3::Bucket").items() if "Access" not in name
    )
    assert "ObjectLockConfiguration" not in bucket
    assert bucket["LifecycleConfiguration"]["Rules"] == [
        {
            "Id": "LogFiles",
            "Status": "Enabled",
            "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionInDays": 90}],
            "ExpirationInDays": 2557,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    ]


def test_a_key_of_the_cdk_gets_the_statements_of_the_trail_and_leaves_readers_to_iam(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Audit")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    reader = iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(ACCOUNT))
    trail_of(stack, encryption_key=key, operations_key=key, readers=[reader])

    template = template_of(stack)

    (of_key,) = resources(template, "AWS::KMS::Key").values()
    said = [written(each) for each in of_key["Properties"]["KeyPolicy"]["Statement"]]
    services = [(each["Principal"]["Service"], each["Action"]) for each in said if "Service" in each["Principal"]]
    assert [(who, what) for who, what in services if who == "cloudtrail.amazonaws.com"] == [
        ("cloudtrail.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey"]),
        ("cloudtrail.amazonaws.com", "kms:DescribeKey"),
    ]
    assert not [each for each in said if "Auditor" in json.dumps(each)]
    decrypts = [
        statement
        for policy in resources(template, "AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "kms:Decrypt"
    ]
    assert [sorted(each["Condition"]) for each in decrypts] == [["Null"], ["StringEquals", "StringLike"]]
    assert decrypts[0]["Condition"] == {"Null": {CONTEXT: "false"}}


@pytest.mark.parametrize("make", [ExistingKey.from_arn, kms.Key.from_key_arn], ids=["of this library", "of the CDK"])
def test_the_owner_of_a_key_elsewhere_is_told_every_statement(make_app: MakeApp, make: Any) -> None:
    stack = cdk.Stack(make_app(), "Audit")
    reader = iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(ACCOUNT))
    trail_of(
        stack,
        encryption_key=make(stack, "LogKey", key_arn=KEY_ARN),
        operations_key=kms.Key(stack, "OperationsKey"),
        readers=[reader],
    )

    told = " ".join(announcements(cdk.App.of(stack).synth().directory, "Audit", "warning"))  # type: ignore[union-attr]

    for action in ("kms:GenerateDataKey", "kms:DescribeKey", "kms:Decrypt"):
        assert f'"{action}"' in told
    assert told.count("trail/audit") in {1, 2}  # once in each statement for CloudTrail, of which two may be one
    assert told.count(f'"Null": {{"{CONTEXT}": "false"}}') == 1


def test_a_key_of_another_stack_makes_no_cycle(make_app: MakeApp) -> None:
    app = make_app()
    keys, stack = cdk.Stack(app, "Keys"), cdk.Stack(app, "Audit")
    key = EncryptionKey(keys, "Key", alias="audit", services=["s3", "logs"])
    trail_of(stack, encryption_key=key, operations_key=key)

    template = template_of(stack)

    assert "Fn::ImportValue" in of_trail(template)["Properties"]["KMSKeyId"]
    assert [each.stack_name for each in stack.dependencies] == ["Keys"]
    assert keys.dependencies == []


def test_access_logs_go_where_they_are_told(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Audit")
    into = s3.Bucket(stack, "AccessLogs")

    assert trail_of(stack, access_logs=into).access_logs is into
    assert len(resources(template_of(stack), "AWS::S3::Bucket")) == 2


def test_functions_and_buckets_that_are_watched_stand_in_the_selectors(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Audit")
    bucket = s3.Bucket.from_bucket_name(stack, "Data", "data")
    function = lambda_.Function.from_function_arn(stack, "F", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f")
    trail_of(
        stack,
        data_events=[DataEvents.of_objects(bucket, prefix="in/"), DataEvents.of_functions(function)],
        log_group_retention=logs.RetentionDays.ONE_MONTH,
    )

    template = template_of(stack)

    arns = [
        written({name: value for name, value in field.items() if name != "Field"})
        for selector in of_trail(template)["Properties"]["AdvancedEventSelectors"]
        for field in selector["FieldSelectors"]
        if field["Field"] == "resources.ARN"
    ]
    assert arns == [
        {"StartsWith": ["arn:${AWS::Partition}:s3:::data/in/"]},
        {"Equals": [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"]},
    ]
    (group,) = resources(template, "AWS::Logs::LogGroup").values()
    assert group["Properties"]["RetentionInDays"] == 30
