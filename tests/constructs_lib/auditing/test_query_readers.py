from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.auditing.query_readers import Asking
from tests.support.announcements import announcements
from tests.support.reader_judge import lets_role
from tests.support.synthesised import Json, app_of, only, resources, template_of, written

ACCOUNT = "111122223333"
ENV = cdk.Environment(account=ACCOUNT, region="eu-west-1")
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
THROUGH_S3 = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
ONLY_TRAILS = {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}
MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=ENV)


def asking(stack: cdk.Stack, *readers: iam.IGrantable, **changed: Any) -> iam.ManagedPolicy:
    arguments: dict[str, Any] = {
        "workgroup": "audit",
        "database": "audit",
        "folder": "main/AWSLogs/",
        "logs": s3.Bucket.from_bucket_name(stack, "Logs", "logs"),
        "results": s3.Bucket(stack, "Results", bucket_name="results"),
        **changed,
    }
    for name in ("logs_key", "results_key"):
        if name not in arguments:
            arguments[name] = kms.Key(stack, name)
    return Asking(**arguments).policy(stack, [each.grant_principal for each in readers])


def policy_of(stack: cdk.Stack) -> Json:
    return dict(written(only(template_of(stack), "AWS::IAM::ManagedPolicy")["Properties"]))


def in_bucket(name: str) -> Json:
    arn = f"arn:aws:s3:::{name}"
    return {
        "StringEquals": THROUGH_S3,
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [arn, f"{arn}/*"]},
    }


def about_keys(stack: cdk.Stack) -> list[Json]:
    statements = policy_of(stack)["PolicyDocument"]["Statement"]
    return [each for each in statements if "kms:" in str(each["Action"])]


def test_a_reader_may_exactly_this(stack: cdk.Stack) -> None:
    asking(stack)

    statements = {each["Sid"]: each for each in policy_of(stack)["PolicyDocument"]["Statement"] if "Sid" in each}

    (results,) = (f"${{{name}.Arn}}" for name in resources(template_of(stack), "AWS::S3::Bucket"))
    place = f"arn:aws:glue:eu-west-1:{ACCOUNT}:"
    assert {sid: each["Resource"] for sid, each in statements.items()} == {
        "AsksAthena": f"arn:aws:athena:eu-west-1:{ACCOUNT}:workgroup/audit",
        "ReadsTable": [f"{place}catalog", f"{place}database/audit", f"{place}table/audit/cloudtrail_logs"],
        "FindsDatabases": [f"{place}catalog", f"{place}database/default"],
        "ReadsLogFiles": "arn:aws:s3:::logs/main/AWSLogs/*",
        "ListsLogFiles": "arn:aws:s3:::logs",
        "LocatesLogFiles": "arn:aws:s3:::logs",
        "WritesResults": f"{results}/results/*",
        "FindsResults": results,
    }
    assert {sid for sid, each in statements.items() if "Condition" in each} == {"ListsLogFiles"}
    assert statements["ListsLogFiles"]["Condition"] == {"StringLike": {"s3:prefix": "main/AWSLogs/*"}}
    changing = ("Create", "Update", "Delete", "Put", "Tag", "Untag")
    actions = [each for statement in statements.values() for each in _listed(statement["Action"])]
    assert {each for each in actions if each.partition(":")[2].startswith(changing)} == {"s3:PutObject"}


def test_keys_of_the_cdk_leave_it_to_the_policy_of_readers(stack: cdk.Stack) -> None:
    asking(stack, iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(ACCOUNT)))

    of_trails, of_logs, results = about_keys(stack)

    assert (of_trails["Action"], of_logs["Action"]) == ("kms:Decrypt", "kms:Decrypt")
    assert results["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert of_trails["Condition"] == ONLY_TRAILS
    assert of_logs["Condition"] == in_bucket("logs")
    assert results["Condition"] == in_bucket("results")


@pytest.mark.parametrize(
    ("context", "allowed"),
    [
        ({**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::results"}, True),
        ({**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::results/results/1.csv"}, True),
        ({**THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::results2"}, False),
        ({"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::results"}, False),
        (THROUGH_S3, False),
    ],
    ids=str,
)
def test_results_are_encrypted_through_s3_for_their_bucket_alone(
    stack: cdk.Stack, context: dict[str, str], *, allowed: bool
) -> None:
    asking(stack, results_key=kms.Key.from_key_arn(stack, "Imported", KEY_ARN))

    document = policy_of(stack)["PolicyDocument"]

    assert lets_role([document], "kms:GenerateDataKey", KEY_ARN, context) is allowed


def test_log_files_without_a_key_need_no_decryption(stack: cdk.Stack) -> None:
    asking(stack, logs_key=None)

    assert [each["Action"] for each in about_keys(stack)] == [["kms:Decrypt", "kms:GenerateDataKey"]]


def test_keys_of_this_library_name_the_readers_themselves(stack: cdk.Stack) -> None:
    reader = iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(ACCOUNT))
    ours = EncryptionKey(stack, "Ours", alias="ours", services=["s3"])

    asking(stack, reader, logs_key=ours, results_key=ExistingKey.from_arn(stack, "Existing", key_arn=KEY_ARN))

    # An existing key writes into the policies of readers itself, and tells its owner.
    assert [each["Resource"] for each in about_keys(stack)] == ["${OursE5FAB774.Arn}"] * 2
    statements = written(only(template_of(stack), "AWS::KMS::Key")["Properties"]["KeyPolicy"])["Statement"]
    granted = [each for each in statements if each["Sid"].startswith("Granted")]
    assert [each["Principal"] for each in granted] == [{"AWS": "${AuditorB9A7BEA8.Arn}"}] * 2
    assert [each["Condition"] for each in granted if "Null" in each["Condition"]] == [ONLY_TRAILS]
    assert [each["Condition"] for each in granted if "Null" not in each["Condition"]] == [in_bucket("logs")]


def test_users_and_roles_of_every_make_are_attached(stack: cdk.Stack) -> None:
    imported = iam.Role.from_role_arn(stack, "Imported", f"arn:aws:iam::{ACCOUNT}:role/auditor")

    asking(stack, iam.User(stack, "Person"), imported)

    policy = policy_of(stack)
    assert (policy["Roles"], len(policy["Users"])) == (["auditor"], 1)


def test_owners_of_what_is_elsewhere_are_told(stack: cdk.Stack) -> None:
    asking(
        stack,
        iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/auditor"),
        logs=s3.Bucket.from_bucket_attributes(stack, "Archive", bucket_name="archive", account="444455556666"),
        logs_key=kms.Key.from_key_arn(stack, "ArchiveKey", KEY_ARN),
    )

    told = announcements(app_of(stack).synth().directory, "Audit", "warning")

    assert any("its policy must allow readers s3:GetObject, s3:ListBucket" in each for each in told)
    assert any("the policy of Audit/ArchiveKey cannot be written" in each and '"kms:Decrypt"' in each for each in told)
    assert any("attach Audit/Readers where its IAM policies are written" in each for each in told)
    assert len(told) == 3


def test_nobody_is_told_anything_where_all_is_here(stack: cdk.Stack) -> None:
    asking(stack, iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(ACCOUNT)))

    assert announcements(app_of(stack).synth().directory, "Audit", "warning") == []


@pytest.mark.parametrize("is_ours", [True, False], ids=["a bucket of this app", "an imported one"])
def test_where_nobody_knows_whether_log_files_are_encrypted_it_is_said(stack: cdk.Stack, *, is_ours: bool) -> None:
    logs = s3.Bucket(stack, "Own") if is_ours else s3.Bucket.from_bucket_name(stack, "Imported", "logs")
    asking(stack, logs=logs, logs_key=None)

    told = announcements(app_of(stack).synth().directory, "Audit", "warning")

    said = [
        each for each in told if each.startswith("trail.encryption_key is None: if the log files in Audit/Imported")
    ]
    assert len(said) == (0 if is_ours else 1)


def _listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values
