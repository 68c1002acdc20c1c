"""Objects: exact permissions on prefixes, and on the keys of buckets for those buckets alone."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey
from constructs_lib.enveloping.object_traffic import Objects, abort_unfinished_uploads
from tests.support.synthesised import granted, only, template_of, written


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def role(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def statements(stack: cdk.Stack) -> list[dict[str, object]]:
    policy = only(template_of(stack), "AWS::IAM::Policy")["Properties"]["PolicyDocument"]
    found: list[dict[str, object]] = written(policy["Statement"])
    return found


def imported(stack: cdk.Stack, key: kms.IKey | None = None) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="orders", encryption_key=key)


@pytest.mark.parametrize(
    ("verb", "actions"),
    [
        ("let_read", ["s3:GetObject", "s3:GetObjectVersion"]),
        ("let_read_current", "s3:GetObject"),
        ("let_write", ["s3:AbortMultipartUpload", "s3:PutObject"]),
        ("let_replace", ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]),
    ],
)
def test_a_role_gets_exact_actions_below_the_prefix_while_the_bucket_is_of_its_account(
    stack: cdk.Stack, verb: str, actions: str | list[str]
) -> None:
    getattr(Objects(argument="source", bucket=imported(stack), prefix="in/"), verb)(role(stack))

    assert statements(stack) == [
        {
            "Action": actions,
            "Effect": "Allow",
            "Resource": "arn:${AWS::Partition}:s3:::orders/in/*",
            "Condition": {"StringEquals": {"aws:ResourceAccount": "${AWS::AccountId}"}},
        }
    ]


def test_a_bucket_of_another_account_must_stay_of_that_account(stack: cdk.Stack) -> None:
    bucket = s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="orders", account="444455556666")
    Objects(argument="source", bucket=bucket).let_write(role(stack))

    (statement,) = statements(stack)

    assert statement["Condition"] == {"StringEquals": {"aws:ResourceAccount": "444455556666"}}


@pytest.mark.parametrize(
    ("verb", "actions"), [("let_read", "kms:Decrypt"), ("let_write", ["kms:Decrypt", "kms:GenerateDataKey"])]
)
def test_the_key_is_for_objects_of_the_bucket_through_s3(stack: cdk.Stack, verb: str, actions: str | list[str]) -> None:
    bucket = s3.Bucket(stack, "Bucket", encryption_key=EncryptionKey(stack, "Key", alias="key"))
    getattr(Objects(argument="source", bucket=bucket), verb)(role(stack))

    (statement,) = granted(template_of(stack)).values()

    arn = "arn:${AWS::Partition}:s3:::orders-bucket83908e77-*"
    assert statement["Action"] == actions
    assert statement["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.${AWS::Region}.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [arn, f"{arn}/*"]},
    }
    assert statements(stack)[1]["Condition"] == statement["Condition"]


def test_unfinished_uploads_are_forgotten_after_a_day_in_a_bucket_of_the_app(stack: cdk.Stack) -> None:
    abort_unfinished_uploads(Objects(argument="destination", bucket=s3.Bucket(stack, "Bucket"), prefix="out/"))
    abort_unfinished_uploads(
        Objects(argument="destination", bucket=s3.Bucket.from_bucket_name(stack, "Other", "orders"))
    )

    rules = only(template_of(stack), "AWS::S3::Bucket")["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rules == [
        {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}, "Prefix": "out/", "Status": "Enabled"}
    ]


@pytest.mark.parametrize("prefix", ["*", "in?", "a{b}"])
def test_refuses_a_prefix_that_covers_more(stack: cdk.Stack, prefix: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^source_prefix must be the name of a prefix of objects such as"):
        Objects(argument="source", bucket=imported(stack), prefix=prefix).check([])


@pytest.mark.parametrize("prefix", ["${aws:username}/", cdk.Aws.REGION, 7], ids=["variable", "token", "number"])
def test_refuses_a_prefix_that_is_not_literal(stack: cdk.Stack, prefix: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^source_prefix must be "):
        Objects(argument="source", bucket=imported(stack), prefix=prefix).check([])


def test_refuses_a_bucket_under_an_envelope_key(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")

    with pytest.raises(
        ConfigurationError,
        match=r"^destination must be encrypted under a key of its own, since uploads to it need kms:Decrypt, got "
        r"Orders/Bucket under the envelope key Orders/Key$",
    ):
        Objects(argument="destination", bucket=imported(stack, key)).check([key])


REPLICA_ARN = "arn:aws:kms:{}:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"


@pytest.mark.parametrize(
    "arn",
    [REPLICA_ARN.format("us-east-1"), REPLICA_ARN.format("eu-west-1").replace(":aws:", f":{cdk.Aws.PARTITION}:")],
    ids=["replica", "partition"],
)
@pytest.mark.parametrize("by_alias", ["key", "alias"])
def test_refuses_a_bucket_under_an_imported_envelope_key_however_it_is_written(
    stack: cdk.Stack, arn: str, by_alias: str
) -> None:
    key = kms.Key.from_key_arn(stack, "Key", REPLICA_ARN.format("eu-west-1"))
    same: kms.IKey = kms.Key.from_key_arn(stack, "Same", arn)
    if by_alias == "alias":
        same = kms.Alias(stack, "Alias", alias_name="alias/orders", target_key=same)

    with pytest.raises(ConfigurationError, match=r"^destination must be encrypted under a key of its own"):
        Objects(argument="destination", bucket=imported(stack, same)).check([key])
