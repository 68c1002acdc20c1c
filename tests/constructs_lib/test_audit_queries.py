"""AuditQueries: what Athena is told, who may ask, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_athena as athena
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey, SigningKey
from constructs_lib.audit_queries import AuditQueries
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.auditing.trail_table import COLUMNS, PARTITIONS
from constructs_lib.existing_trail import ExistingTrail
from tests.support.assembled import Assembled
from tests.support.findings import COLLECT_ONLY, Finding, add_packs, collect_findings, unacknowledged
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, LiteralTemplates, place_of
from tests.support.policy_judge import Caller, KmsKey
from tests.support.reader_judge import lets_role
from tests.support.synthesised import Json, only, resources, template_of, written

ENV = cdk.Environment(account=ACCOUNT, region=REGION)
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ORGANIZATION = "o-a1b2c3d4e5"
MakeApp = Callable[..., cdk.App]


@dataclass(frozen=True)
class Scene:
    """One synthesis: a trail of an organization with its queries and a reader."""

    template: Json
    findings: list[Finding]
    literal: LiteralTemplates
    reader: Caller
    trail_key: KmsKey
    results_key: KmsKey

    def may(self, action: str, resource: str, context: dict[str, Any] | None = None) -> bool:
        """Say what IAM decides about the reader by the policy of readers alone."""
        policy = only(self.template, "AWS::IAM::ManagedPolicy")["Properties"]["PolicyDocument"]
        return lets_role([self.literal.literal("Audit", policy)], action, resource, context)

    def bucket(self, begin: str) -> str:
        """Return the ARN of a bucket."""
        return str(self.literal.literal("Audit", {"Fn::GetAtt": [self.bucket_id(begin), "Arn"]}))

    def bucket_id(self, begin: str) -> str:
        """Return the logical id of a bucket that begins so and has no further word."""
        (name,) = (each for each in resources(self.template, "AWS::S3::Bucket") if each[:-8] == begin)
        return name


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    out = tmp_path_factory.mktemp("cdk.out")
    app = cdk.App(outdir=str(out), builtin_cloud_formation_validation=False, context=COLLECT_ONLY)
    add_packs(app)
    stack = cdk.Stack(app, "Audit", env=ENV)
    reader = iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(ACCOUNT))
    trail_key, results_key, operations_key = (
        EncryptionKey(stack, name, alias=f"audit/{name.lower()}", services=["s3"])
        for name in ("TrailKey", "ResultsKey", "OperationsKey")
    )
    trail = AuditTrail(
        stack,
        "Trail",
        trail_name="audit",
        encryption_key=trail_key,
        operations_key=operations_key,
        organization_id=ORGANIZATION,
        prefix="main",
    )
    AuditQueries(
        stack,
        "Queries",
        trail=trail,
        results_key=results_key,
        since=date(2026, 1, 1),
        keys=[trail_key, ExistingKey.from_arn(stack, "Existing", key_arn=KEY_ARN)],
        accounts=[ACCOUNT, OTHER_ACCOUNT],
        regions=[REGION, OTHER_REGION],
        readers=[reader],
        access_logs=trail.access_logs,
    )
    sqs.Queue(stack, "Awake")  # in which every pack finds something
    findings = collect_findings(app)
    literal = LiteralTemplates(Assembled.read(out))
    return Scene(
        template=json.loads((out / "Audit.template.json").read_text()),
        findings=findings,
        literal=literal,
        reader=literal.caller(place_of(reader)),
        trail_key=literal.key(place_of(trail_key)),
        results_key=literal.key(place_of(results_key)),
    )


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=ENV)


def queries(stack: cdk.Stack, construct_id: str = "Queries", **changed: Any) -> AuditQueries:
    arguments: dict[str, Any] = {"since": date(2026, 1, 1), **changed}
    if "trail" not in arguments:
        arguments["trail"] = ExistingTrail(
            trail_arn=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main",
            bucket=s3.Bucket.from_bucket_name(stack, f"{construct_id}Logs", "main-logs"),
            encryption_key=arguments.pop("encryption_key", None) or kms.Key(stack, f"{construct_id}TrailKey"),
        )
    if "results_key" not in arguments:
        arguments["results_key"] = kms.Key(stack, f"{construct_id}ResultsKey")
    return AuditQueries(stack, construct_id, **arguments)


def test_nobody_overrides_what_the_workgroup_says(scene: Scene) -> None:
    workgroup = written(only(scene.template, "AWS::Athena::WorkGroup")["Properties"])

    results = scene.bucket_id("QueriesResults")
    (key,) = (each for each in resources(scene.template, "AWS::KMS::Key") if each.startswith("ResultsKey"))
    assert workgroup == {
        "Name": "audit_trail",
        "Description": "Questions about the record of a trail",
        "State": "ENABLED",
        "RecursiveDeleteOption": True,
        "WorkGroupConfiguration": {
            "EnforceWorkGroupConfiguration": True,
            "PublishCloudWatchMetricsEnabled": True,
            "RequesterPaysEnabled": False,
            "BytesScannedCutoffPerQuery": 100 * 1024**3,
            "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
            "ResultConfiguration": {
                "OutputLocation": f"s3://${{{results}}}/results/",
                "ExpectedBucketOwner": ACCOUNT,
                "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": f"${{{key}.Arn}}"},
            },
        },
    }


def test_the_table_is_over_the_log_files_of_the_organization(scene: Scene) -> None:
    table = written(only(scene.template, "AWS::Glue::Table")["Properties"])
    database = only(scene.template, "AWS::Glue::Database")["Properties"]

    described = table["TableInput"]
    place = f"s3://${{{scene.bucket_id('TrailFiles')}}}/main/AWSLogs/{ORGANIZATION}/"
    assert database["DatabaseInput"]["Name"] == "audit_trail"
    assert (table["CatalogId"], described["Name"], described["TableType"]) == (
        ACCOUNT,
        "cloudtrail_logs",
        "EXTERNAL_TABLE",
    )
    assert {each["Name"]: each["Type"] for each in described["PartitionKeys"]} == PARTITIONS
    stored = described["StorageDescriptor"]
    assert {each["Name"]: each["Type"] for each in stored["Columns"]} == COLUMNS
    assert stored["Location"] == place
    assert stored["InputFormat"] == "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
    assert stored["OutputFormat"] == "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    assert stored["SerdeInfo"] == {"SerializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"}
    assert described["Parameters"]["projection.account.values"] == f"{ACCOUNT},{OTHER_ACCOUNT}"
    assert described["Parameters"]["projection.region.values"] == f"{REGION},{OTHER_REGION}"
    assert described["Parameters"]["projection.day.range"] == "2026/01/01,NOW"
    template = described["Parameters"]["storage.location.template"]
    assert template == f"{place}${{account}}/CloudTrail/${{region}}/${{day}}"


def test_each_question_is_saved_and_prepared(scene: Scene) -> None:
    saved = {
        each["Properties"]["Name"]: each["Properties"]
        for each in resources(scene.template, "AWS::Athena::NamedQuery").values()
    }
    prepared = {
        each["Properties"]["StatementName"]: each["Properties"]
        for each in resources(scene.template, "AWS::Athena::PreparedStatement").values()
    }

    assert sorted(saved) == [
        "changes_to_keys",
        "keys_not_used",
        "what_a_principal_did",
        "who_read_secrets",
        "who_used_a_key",
        "who_was_refused",
    ]
    assert saved.keys() == prepared.keys()
    for name, statement in prepared.items():
        assert statement["QueryStatement"] == saved[name]["QueryString"]
        assert statement["WorkGroup"] == saved[name]["WorkGroup"]


def test_keys_that_are_named_are_asked_about(scene: Scene) -> None:
    (unused,) = (
        written(each["Properties"]["QueryString"])
        for each in resources(scene.template, "AWS::Athena::NamedQuery").values()
        if each["Properties"]["Name"] == "keys_not_used"
    )

    (key,) = (each for each in resources(scene.template, "AWS::KMS::Key") if each.startswith("TrailKey"))
    assert f"VALUES '${{{key}.Arn}}', '{KEY_ARN}'" in unused.replace("(", "").replace(")", "")


def test_results_are_kept_for_some_days_and_their_use_is_logged(scene: Scene) -> None:
    bucket = written(scene.template["Resources"][scene.bucket_id("QueriesResults")]["Properties"])

    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["ExpirationInDays"], rule["NoncurrentVersionExpiration"]) == (30, {"NoncurrentDays": 1})
    assert bucket["LoggingConfiguration"]["DestinationBucketName"].startswith("${TrailFilesAccessLogs")
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(resources(scene.template, "AWS::S3::Bucket")) == 3  # no further one for access logs


def test_no_pack_finds_what_is_not_answered(scene: Scene) -> None:
    assert [each for each in unacknowledged(scene.findings) if "/Queries/" in each.path] == []
    answered = {each.rule.split("[")[0] for each in scene.findings if each.reason and "/Queries/" in each.path}
    assert answered == {
        "AwsSolutions-IAM5",
        *(f"{pack}-S3BucketReplicationEnabled" for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")),
    }


ATHENA = f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}:"


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("athena:StartQueryExecution", f"{ATHENA}audit_trail", True),
        ("athena:GetQueryResults", f"{ATHENA}audit_trail", True),
        ("athena:GetPreparedStatement", f"{ATHENA}audit_trail", True),
        ("athena:StartQueryExecution", f"{ATHENA}primary", False),
        ("athena:StartQueryExecution", f"{ATHENA}audit_trail2", False),
        ("athena:UpdateWorkGroup", f"{ATHENA}audit_trail", False),
        ("athena:CreateNamedQuery", f"{ATHENA}audit_trail", False),
        ("athena:DeletePreparedStatement", f"{ATHENA}audit_trail", False),
        ("glue:GetTable", f"{GLUE}table/audit_trail/cloudtrail_logs", True),
        ("glue:GetTable", f"{GLUE}table/audit_trail/other", False),
        ("glue:GetTable", f"{GLUE}table/orders/cloudtrail_logs", False),
        ("glue:GetDatabase", f"{GLUE}database/default", True),
        ("glue:GetTables", f"{GLUE}database/default", False),
        ("glue:UpdateTable", f"{GLUE}table/audit_trail/cloudtrail_logs", False),
    ],
)
def test_a_reader_asks_in_this_workgroup_about_this_table(
    scene: Scene, action: str, resource: str, *, allowed: bool
) -> None:
    assert scene.may(action, resource) is allowed


@pytest.mark.parametrize(
    ("action", "bucket", "key", "allowed"),
    [
        ("s3:GetObject", "TrailFiles", f"/main/AWSLogs/{ORGANIZATION}/{ACCOUNT}/CloudTrail/x.json.gz", True),
        ("s3:GetObject", "TrailFiles", f"/main/AWSLogs/{ACCOUNT}/CloudTrail/x.json.gz", False),
        ("s3:GetObject", "TrailFiles", "/other/x", False),
        ("s3:PutObject", "TrailFiles", f"/main/AWSLogs/{ORGANIZATION}/x", False),
        ("s3:DeleteObject", "TrailFiles", f"/main/AWSLogs/{ORGANIZATION}/x", False),
        ("s3:GetBucketLocation", "TrailFiles", "", True),
        ("s3:PutObject", "QueriesResults", "/results/1.csv", True),
        ("s3:GetObject", "QueriesResults", "/results/1.csv", True),
        ("s3:GetObject", "QueriesResults", "/1.csv", False),
        ("s3:DeleteObject", "QueriesResults", "/results/1.csv", False),
        ("s3:GetObject", "TrailFilesAccessLogs", "/x", False),
    ],
)
def test_a_reader_reads_log_files_and_writes_results(
    scene: Scene, action: str, bucket: str, key: str, *, allowed: bool
) -> None:
    assert scene.may(action, f"{scene.bucket(bucket)}{key}") is allowed


@pytest.mark.parametrize(
    ("prefix", "allowed"),
    [(f"main/AWSLogs/{ORGANIZATION}/{ACCOUNT}/CloudTrail/{REGION}/2026/01/01/", True), ("main/", False), ("", False)],
)
def test_a_reader_lists_log_files_below_their_folder_alone(scene: Scene, prefix: str, *, allowed: bool) -> None:
    assert scene.may("s3:ListBucket", scene.bucket("TrailFiles"), {"s3:prefix": prefix}) is allowed


OF_TRAIL = {"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit"}
THROUGH_S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}


def test_a_reader_decrypts_log_files_and_nothing_else_under_that_key(scene: Scene) -> None:
    other = {"kms:EncryptionContext:purpose": "orders"}

    assert scene.trail_key.allows(scene.reader, "kms:Decrypt", {**OF_TRAIL, **THROUGH_S3})
    assert not scene.trail_key.allows(scene.reader, "kms:Decrypt", {**other, **THROUGH_S3})
    assert not scene.trail_key.allows(scene.reader, "kms:GenerateDataKey", {**OF_TRAIL, **THROUGH_S3})


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_a_reader_encrypts_results_through_s3_for_this_bucket_alone(scene: Scene, action: str) -> None:
    def context(bucket: str) -> dict[str, str]:
        return {"kms:EncryptionContext:aws:s3:arn": bucket}

    results = scene.bucket("QueriesResults")
    assert scene.results_key.allows(scene.reader, action, {**context(results), **THROUGH_S3})
    assert not scene.results_key.allows(scene.reader, action, context(results))
    assert not scene.results_key.allows(scene.reader, action, {**context("arn:aws:s3:::orders"), **THROUGH_S3})
    assert not scene.results_key.allows(Caller("arn:aws:iam::111122223333:role/other"), action, THROUGH_S3)


def test_what_can_be_said_is_done(stack: cdk.Stack) -> None:
    made = queries(
        stack,
        database_name="evidence",
        unused_for=cdk.Duration.days(30),
        seen_within=cdk.Duration.days(60),
        results_kept_for=cdk.Duration.days(7),
        bytes_scanned_per_query_max=10_000_000,
    )

    template = template_of(stack)
    workgroup = only(template, "AWS::Athena::WorkGroup")["Properties"]
    assert workgroup["Name"] == "evidence"
    assert workgroup["WorkGroupConfiguration"]["BytesScannedCutoffPerQuery"] == 10_000_000
    assert "INTERVAL '30' DAY" in made.queries["keys_not_used"].sql
    assert "INTERVAL '60' DAY" in made.queries["keys_not_used"].sql
    assert '"evidence"."cloudtrail_logs"' in made.queries["who_used_a_key"].sql
    (results,) = (
        each["Properties"]
        for name, each in resources(template, "AWS::S3::Bucket").items()
        if name.startswith("QueriesResults")
    )
    assert results["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 7


def test_a_bucket_for_access_logs_is_made_where_none_is_given(stack: cdk.Stack) -> None:
    queries(stack)

    assert sum("AccessLogs" in name for name in resources(template_of(stack), "AWS::S3::Bucket")) == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"unused_for": cdk.Duration.hours(12)}, "unused_for must be 1 to .* whole days"),
        ({"unused_for": 90}, "unused_for must be a cdk.Duration, got 90"),
        (
            {"seen_within": cdk.Duration.days(89)},
            "seen_within must be at least as long as unused_for, 90 days, got 89",
        ),
        ({"results_kept_for": cdk.Duration.minutes(1)}, "results_kept_for must be 1 to .* whole days"),
        ({"bytes_scanned_per_query_max": 9_999_999}, "bytes_scanned_per_query_max must be 10,000,000 or more, got 99"),
        ({"bytes_scanned_per_query_max": True}, "bytes_scanned_per_query_max must be 10,000,000 or more, got True"),
        ({"database_name": "Audit-Trail"}, "database_name must be 1 to 128 lower-case letters"),
        ({"since": date(2013, 1, 1)}, "since must be 2013-11-13"),
        ({"accounts": ["1"]}, "accounts must be an account number"),
        ({"regions": ["mars-1"]}, "regions must be Regions of AWS"),
        ({"readers": ["auditor"]}, "readers must be"),
        ({"readers": [iam.AccountPrincipal(OTHER_ACCOUNT)]}, f"readers must be of {ACCOUNT}, the account of the quer"),
        ({"keys": ["key"]}, "keys must be a key, such as EncryptionKey"),
        ({"results_key": "key"}, "results_key must be a key, such as EncryptionKey"),
        ({"encryption_key": "key"}, "encryption_key must be a key, such as EncryptionKey"),
        ({"access_logs": "logs"}, "access_logs must be a bucket"),
    ],
    ids=lambda each: each[:60] if isinstance(each, str) else next(iter(each)),
)
def test_refuses_before_anything_is_defined(stack: cdk.Stack, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        queries(stack, **changed)

    assert stack.node.try_find_child("Queries") is None


def test_refuses_accounts_that_a_trail_of_this_app_does_not_record(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")
    trail = AuditTrail(stack, "Trail", trail_name="audit", encryption_key=key, operations_key=key)

    with pytest.raises(ConfigurationError, match=rf"^accounts must be {ACCOUNT} alone, .* got \['{OTHER_ACCOUNT}'\]$"):
        queries(stack, trail=trail, results_key=key, accounts=[ACCOUNT, OTHER_ACCOUNT])
    assert "Queries" not in {each.node.id for each in stack.node.children}


def test_a_bucket_of_several_accounts_is_asked_about_each(stack: cdk.Stack) -> None:
    table = stack.resolve(queries(stack, accounts=[ACCOUNT, OTHER_ACCOUNT]).table.table_input)

    assert table["parameters"]["projection.account.values"] == f"{ACCOUNT},{OTHER_ACCOUNT}"


def test_refuses_to_be_defined_in_no_stack(make_app: MakeApp, stack: cdk.Stack) -> None:
    key, trail = kms.Key(stack, "Key"), object()

    with pytest.raises(ConfigurationError, match=r"^scope must be a stack or in one, got a App$"):
        AuditQueries(make_app(), "Queries", trail=trail, results_key=key, since=date(2026, 1, 1))  # type: ignore[arg-type]


def test_refuses_a_key_that_signs(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match="results_key must be a symmetric encryption key"):
        queries(stack, results_key=SigningKey(stack, "Key", alias="sign"))


@pytest.mark.parametrize("argument", ["results_key", "encryption_key"])
def test_refuses_a_key_of_another_region(stack: cdk.Stack, argument: str) -> None:
    elsewhere = kms.Key.from_key_arn(stack, "Elsewhere", KEY_ARN.replace(REGION, OTHER_REGION))

    changed: dict[str, Any] = {argument: elsewhere}

    with pytest.raises(ConfigurationError, match=f"{argument} must be in {REGION}, .* in {OTHER_REGION}"):
        queries(stack, **changed)


def test_refuses_to_name_a_key_of_this_app_in_another_region(make_app: MakeApp) -> None:
    app = make_app()
    other = cdk.Stack(app, "Other", env=cdk.Environment(account=ACCOUNT, region=OTHER_REGION))

    with pytest.raises(ConfigurationError, match=f"keys must be in {REGION}, .* in {OTHER_REGION}"):
        queries(cdk.Stack(app, "Audit", env=ENV), keys=[kms.Key(other, "Key")])


def test_a_key_of_another_region_is_named_by_its_arn(stack: cdk.Stack) -> None:
    arn = KEY_ARN.replace(REGION, OTHER_REGION)

    made = queries(stack, keys=[kms.Key.from_key_arn(stack, "Elsewhere", arn)])

    assert f"'{arn}'" in made.queries["keys_not_used"].sql


def test_refuses_a_name_that_is_taken(stack: cdk.Stack) -> None:
    queries(stack, "One")

    with pytest.raises(ConfigurationError, match=r"database_name must be another one .* Audit/One has already"):
        queries(stack, "Two")


def test_refuses_at_synthesis_a_name_that_a_workgroup_of_the_app_has(stack: cdk.Stack) -> None:
    queries(stack)
    athena.CfnWorkGroup(stack, "Mine", name="audit_trail")

    with pytest.raises(RuntimeError, match=r"database_name must be another one .* which Audit/Mine has already"):
        template_of(stack)
