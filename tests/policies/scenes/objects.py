"""The key of a bucket into which a function streams objects: through S3, and for objects of this bucket alone."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import EncryptionKey
from constructs_lib.enveloping.object_traffic import Objects
from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.support.intent import read_table
from tests.support.literal_templates import OTHER_REGION, REGION, place_of
from tests.support.scene import Built, Scene

_ARN = "kms:EncryptionContext:aws:s3:arn"
_VIA = "kms:ViaService"


def _through(service: str, about: str = "", region: str = REGION) -> dict[str, str]:
    return {_VIA: f"{service}.{region}.amazonaws.com", **({_ARN: about} if about else {})}


def _build(app: cdk.App) -> Built:
    stack = cdk.Stack(app, "Orders")
    key = EncryptionKey(stack, "Key", services=[])
    messages = s3.Bucket(stack, "Messages", encryption_key=key, bucket_name="messages")
    function = iam.Role(stack, "Function", assumed_by=iam.AccountRootPrincipal())
    Objects(argument="destination", bucket=messages, prefix="out/").let_write(function)
    bucket = "arn:aws:s3:::messages"
    contexts = {
        "an object": _through("s3", f"{bucket}/out/1"),
        "the bucket": _through("s3", bucket),
        "nothing": _through("s3"),
        "another bucket": _through("s3", "arn:aws:s3:::payroll/out/1"),
        "a bucket of a longer name": _through("s3", f"{bucket}-2/out/1"),
        "an access point": _through("s3", f"arn:aws:s3:{REGION}:111122223333:accesspoint/out"),
        "an object past s3": {_ARN: f"{bucket}/out/1"},
        "an object through sqs": _through("sqs", f"{bucket}/out/1"),
        "an object of another Region": _through("s3", f"{bucket}/out/1", OTHER_REGION),
    }
    return Built(place_of(key), {"function": place_of(function)}, contexts=contexts, via=(), creating=())


_ELSE = (
    "directly, *via *, nothing, another bucket, a bucket of a longer name, an access point, an object past s3, "
    "an object through sqs, an object of another Region"
)

OBJECTS = Scene(
    "the key of a bucket into which a function streams",
    _build,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + f"""
    deployer, deployer with kms:*, deployer re-created | *     | inspect, change | IAM administers
    function, function without IAM | an object, the bucket     | Decrypt, GenerateDataKey | named, for this bucket through S3
    function with kms:*            | an object, the bucket     | Decrypt, GenerateDataKey, inspect, change | named, and IAM administers
    function, function without IAM | {_ELSE}                   | - | another bucket, or not through S3
    function with kms:*            | {_ELSE}                   | inspect, change | IAM administers
    function re-created, function on another path | *          | - | another identity
"""
    ),
    executed=("function",),
)
