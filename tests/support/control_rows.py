"""The controls of the CIS AWS Foundations Benchmark and of Security Hub that keys, trails and their alarms touch."""

from dataclasses import dataclass
from typing import Any

from constructs_lib.watching.cis_controls import CisControl
from tests.support.control_proofs import (
    Counts,
    Has,
    HasNot,
    Kept,
    Proof,
    Says,
    decrypts_with_named_keys,
    lets_nobody_unknown,
    refuses_plain_http,
)

TRAIL, BUCKET, KEY = "AWS::CloudTrail::Trail", "AWS::S3::Bucket", "AWS::KMS::Key"
LOG_GROUP, ALARM, TOPIC = "AWS::Logs::LogGroup", "AWS::CloudWatch::Alarm", "AWS::SNS::Topic"
FILES = "TrailFiles174FFE2B"
_SHORTEST_RETENTION_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class ControlRow:
    """One control.

    Attributes:
        control: Its id in Security Hub, or in CIS if Security Hub has none.
        cis: Its numbers in CIS by version of the benchmark.
        asks: What it asks.
        here: What implements it, with its default; or why nothing does.
        proofs: What the template has of it; nothing if nothing in this library implements it.
        left: What is left to the user.
    """

    control: str
    cis: str = ""
    asks: str
    here: str
    proofs: tuple[Proof, ...] = ()
    left: str = ""


def _is_all_blocked(value: Any) -> bool:
    return bool(value) and set(value.values()) == {True} and len(value) == len("BBIR")


def _records_management(value: Any) -> bool:
    wanted = [{"Field": "eventCategory", "Equals": ["Management"]}]  # and nothing that would leave some of them out
    return any(each["FieldSelectors"] == wanted for each in value or ())


def _records_objects(value: Any) -> bool:
    wanted = {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}
    return any(
        wanted in each["FieldSelectors"] and all(field["Field"] != "readOnly" for field in each["FieldSelectors"])
        for each in value or ()
    )


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict)


MANAGEMENT = Has(TRAIL, "AdvancedEventSelectors", _records_management, said="all management events, those of KMS too")
BLOCKED = Has(BUCKET, "PublicAccessBlockConfiguration", _is_all_blocked, said="all four")

KEYS = (
    ControlRow(
        control="KMS.1",
        asks="No customer managed IAM policy allows decryption with all keys",
        here="The policies of readers name one key each, or, for a key of another stack, its alias in one account and "
        "Region. A key's policy leaves its use to no policy, so that a statement on all keys opens none of these",
        proofs=(
            Says(
                "AWS::IAM::ManagedPolicy",
                "PolicyDocument",
                decrypts_with_named_keys,
                "no decryption on `*`",
                {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": ["*"]},
            ),
        ),
        left="The other policies of the account",
    ),
    ControlRow(
        control="KMS.2",
        asks="No inline IAM policy allows decryption with all keys",
        here="Statements that this library writes name one key each",
        proofs=(
            Says(
                "AWS::IAM::Policy",
                "PolicyDocument",
                decrypts_with_named_keys,
                "no decryption on `*`",
                {"Effect": "Allow", "Action": ["kms:ReEncryptFrom"], "Resource": ["*"]},
            ),
        ),
        left="As KMS.1",
    ),
    ControlRow(
        control="KMS.3",
        asks="No key is scheduled for deletion",
        here="`lifecycle=Lifecycle.DURABLE`, the default: no deployment schedules one but a first one that fails. "
        "`KeyWatch` tells of it, and `guards` can forbid it",
        proofs=(Kept(KEY),),
        left="A key that should be deleted fails the control until it is",
    ),
    ControlRow(
        control="KMS.4",
        cis="1.2: 2.8, 1.4: 3.8, 3.0 and 5.0: 3.6",
        asks="Keys rotate",
        here="`EncryptionKey`: each year by default. Keys that KMS cannot rotate, those that sign and those with "
        "imported material, are not asked to",
        proofs=(Has(KEY, "EnableKeyRotation", wanted=True),),
        left="Imported material: `docs/imported-material.md`",
    ),
    ControlRow(
        control="KMS.5",
        asks="No key policy lets everybody in",
        here="Refused by the constructor and at synthesis",
        proofs=(
            Says(
                KEY,
                "KeyPolicy",
                lets_nobody_unknown,
                "no statement allows `*`",
                {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"},
            ),
        ),
        left="The control does not weigh conditions with wildcards or variables, and may fail a policy for them",
    ),
)
TRAILS = (
    ControlRow(
        control="CloudTrail.1",
        cis="1.2: 2.1, 1.4, 3.0 and 5.0: 3.1",
        asks="A trail of every Region records read and write management events",
        here="`AuditTrail`: always",
        proofs=(Has(TRAIL, "IsMultiRegionTrail", wanted=True), MANAGEMENT),
    ),
    ControlRow(
        control="CloudTrail.2",
        cis="1.2: 2.7, 1.4: 3.7, 3.0 and 5.0: 3.5",
        asks="Log files are encrypted under a key of KMS",
        here="`AuditTrail(encryption_key=...)`: demanded, and the key gets CloudTrail's statements",
        proofs=(Has(TRAIL, "KMSKeyId", _is_reference, said="the key"),),
    ),
    ControlRow(
        control="CloudTrail.3",
        asks="A trail is there and logs",
        here="`AuditTrail`: always. `KeyWatch` tells if it is stopped",
        proofs=(Has(TRAIL, "IsLogging", wanted=True),),
    ),
    ControlRow(
        control="CloudTrail.4",
        cis="1.2: 2.2, 1.4, 3.0 and 5.0: 3.2",
        asks="Log files are validated",
        here="`AuditTrail`: always",
        proofs=(Has(TRAIL, "EnableLogFileValidation", wanted=True),),
        left="To validate them: `aws cloudtrail validate-logs`",
    ),
    ControlRow(
        control="CloudTrail.5",
        cis="1.2: 2.4, 1.4: 3.4",
        asks="The trail has a copy in CloudWatch Logs",
        here="`AuditTrail`: always, encrypted",
        proofs=(Has(TRAIL, "CloudWatchLogsLogGroupArn", _is_reference, said="the log group"),),
    ),
    ControlRow(
        control="CloudTrail.6",
        cis="1.2: 2.3, 1.4: 3.3",
        asks="The bucket of log files is not public",
        here="`AuditTrail`: always",
        proofs=(
            Says(
                "AWS::S3::BucketPolicy",
                "PolicyDocument",
                lets_nobody_unknown,
                "no statement allows `*`",
                {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
            ),
            BLOCKED,
        ),
    ),
    ControlRow(
        control="CloudTrail.7",
        cis="1.2: 2.6, 1.4: 3.6, 3.0 and 5.0: 3.4",
        asks="Use of the bucket of log files is logged",
        here="`AuditTrail`: into a bucket of its own, or `access_logs=`",
        proofs=(Has(BUCKET, "LoggingConfiguration.DestinationBucketName", _is_reference, FILES, "the other bucket"),),
    ),
    ControlRow(
        control="CloudTrail.9",
        asks="Trails have tags",
        here="Not by this library: tags are a convention of the account. `cdk.Tags.of(trail).add(...)`",
    ),
    ControlRow(
        control="CloudTrail.10",
        asks="Event data stores of CloudTrail Lake are encrypted under a key of KMS",
        here="Not by this library: it makes none. `AuditQueries` asks the log files by Athena",
    ),
    ControlRow(
        control="CIS 3.3",
        cis="1.2: 2.5, 1.4: 3.5, 3.0 and 5.0: 3.3 (Config.1)",
        asks="AWS Config is on",
        here="Not by this library: nothing in it depends on AWS Config",
        left="To turn it on: Security Hub needs it",
    ),
    ControlRow(
        control="CIS 3.7",
        cis="1.2: 2.9, 1.4: 3.9, 3.0 and 5.0: 3.7 (EC2.6)",
        asks="Flow logs of every VPC",
        here="Not by this library: it makes no network",
    ),
    ControlRow(
        control="S3.22",
        cis="3.0 and 5.0: 3.8",
        asks="Writing of objects is recorded",
        here="`AuditTrail(data_events=[DataEvents.of_all_objects()])`. Default: not, since each event is paid for",
        proofs=(Has(TRAIL, "AdvancedEventSelectors", _records_objects, said="`AWS::S3::Object`, all of them"),),
        left="The trail's own bucket is left out, since each delivery would record itself, and the control may stay "
        "failed for it: suppress the finding, or record that bucket by another trail",
    ),
    ControlRow(
        control="S3.23",
        cis="3.0 and 5.0: 3.9",
        asks="Reading of objects is recorded",
        here="As S3.22",
        proofs=(Has(TRAIL, "AdvancedEventSelectors", _records_objects, said="`AWS::S3::Object`, read and write"),),
        left="As S3.22",
    ),
)
BUCKETS = (
    ControlRow(
        control="S3.5",
        cis="1.4: 2.1.2, 3.0 and 5.0: 2.1.1",
        asks="Buckets refuse requests without TLS",
        here="`AuditTrail`: the bucket of log files and that of access logs",
        proofs=(
            Says("AWS::S3::BucketPolicy", "PolicyDocument", refuses_plain_http, "denies `aws:SecureTransport` `false`"),
        ),
    ),
    ControlRow(
        control="S3.8",
        cis="1.4: 2.1.5.2, 3.0 and 5.0: 2.1.4",
        asks="Buckets block public access",
        here="`AuditTrail`: both buckets",
        proofs=(BLOCKED,),
        left="S3.1 asks the same of the account",
    ),
    ControlRow(
        control="S3.9",
        asks="Use of buckets is logged",
        here="As CloudTrail.7. The bucket of access logs does not log itself",
        proofs=(Has(BUCKET, "LoggingConfiguration.DestinationBucketName", _is_reference, FILES, "the other bucket"),),
        left="A finding for the bucket of access logs, which is to be suppressed there",
    ),
    ControlRow(
        control="S3.13",
        asks="Buckets have rules for the life of objects",
        here="`AuditTrail`: colder after 90 days, expired after seven years",
        proofs=(Has(BUCKET, "LifecycleConfiguration.Rules.0.Status", "Enabled", FILES),),
    ),
    ControlRow(
        control="S3.14",
        asks="Buckets keep versions",
        here="`AuditTrail`: always",
        proofs=(Has(BUCKET, "VersioningConfiguration.Status", "Enabled", FILES),),
    ),
    ControlRow(
        control="S3.15",
        asks="Buckets have Object Lock",
        here="`AuditTrail(object_lock=ObjectLock.compliance(...))`. Default: not, since nobody can undo it",
        proofs=(Has(BUCKET, "ObjectLockEnabled", wanted=True, begin=FILES),),
    ),
    ControlRow(
        control="S3.17",
        asks="Buckets are encrypted under keys of KMS",
        here="`AuditTrail`: log files. A bucket of access logs takes none but the keys of S3",
        proofs=(
            Has(
                BUCKET,
                "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm",
                "aws:kms",
                FILES,
            ),
        ),
    ),
    ControlRow(
        control="S3.20",
        cis="1.4: 2.1.3, 3.0 and 5.0: 2.1.2",
        asks="Buckets demand a second factor for deletion",
        here="Not by this library: only the root user can turn it on, and no template. Object Lock is stronger",
        left="To turn it on, or Object Lock",
    ),
)
COUNTED = [
    ControlRow(
        control=control.security_hub_id or f"CIS {control.value}",
        cis=(
            f"1.2: 3.{control.value[2:]}, 1.4, 3.0 and 5.0: {control.value}"
            if control.security_hub_id
            else f"1.4, 3.0 and 5.0: {control.value}"
        ),
        asks=f"An alarm if {control.counted.what.split(': ', 1)[1].rstrip('.')}",
        here=f"`CisAlarms`: `CisControl.{control.name}`",
        proofs=(
            Counts(control.counted.patterns[0], "of AWS's pattern" if control.security_hub_id else "of CIS's pattern"),
        ),
        left="A subscription of the topic",
    )
    for control in sorted(CisControl, key=lambda each: int((each.security_hub_id or ".99").rpartition(".")[2]))
]
ALARMS = (
    *COUNTED,
    ControlRow(
        control="CIS 4.16",
        cis="3.0 and 5.0: 4.16",
        asks="Security Hub is on",
        here="Not by this library: it is turned on once for each account",
    ),
    ControlRow(
        control="CloudWatch.15",
        asks="Alarms have an action",
        here="`CisAlarms` and `KeyWatch`: each alarm tells whom `notify` names. With `ToBus` a rule takes its place, "
        "and the control fails",
        proofs=(Has(ALARM, "AlarmActions.0", _is_reference, said="the topic"),),
    ),
    ControlRow(
        control="CloudWatch.16",
        asks="Log groups are kept for a year",
        here="`AuditTrail(log_group_retention=...)`: one year by default",
        proofs=(
            Has(LOG_GROUP, "RetentionInDays", lambda days: (days or 0) >= _SHORTEST_RETENTION_DAYS, said="365 or more"),
        ),
    ),
    ControlRow(
        control="CloudWatch.17",
        asks="Actions of alarms are on",
        here="`CisAlarms` and `KeyWatch`: always",
        proofs=(HasNot(ALARM, "ActionsEnabled", unwanted=False),),
    ),
    ControlRow(
        control="SNS.1",
        asks="Topics are encrypted under keys of KMS",
        here="`NewTopic(encryption_key=...)`: demanded, and the key admits exactly the publishers",
        proofs=(Has(TOPIC, "KmsMasterKeyId", _is_reference, said="the key"),),
    ),
    ControlRow(
        control="SNS.4",
        asks="No topic's policy lets everybody in",
        here="`NewTopic`: CloudWatch for alarms of the account, and EventBridge",
        proofs=(
            Says(
                "AWS::SNS::TopicPolicy",
                "PolicyDocument",
                lets_nobody_unknown,
                "no statement allows `*`",
                {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"},
            ),
        ),
    ),
)
