"""The app of `envelopes_app` on an embedded AWS of its own, and who acts there."""

import json
import re
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import aws_encryption_sdk
from aws_encryption_sdk import CommitmentPolicy, StrictAwsKmsMasterKeyProvider
from botocore.config import Config

from local_aws import LocalAws
from tests.support.deployed_assembly import deploy_assembly

if TYPE_CHECKING:
    import boto3
    from aws_cdk import cx_api

    from local_aws.recorded_calls import RecordedCall

_MOMENTS = 15


class DeployedEnvelopes:
    """What was deployed.

    Attributes:
        aws: Where.
        place: Names, URLs and ARNs, by the names of the stack's outputs.
    """

    def __init__(self, aws: LocalAws, assembly: "cx_api.CloudAssembly") -> None:
        """Deploy.

        Args:
            aws: An embedded AWS with nothing in it.
            assembly: The app.
        """
        self.aws = aws
        self.place: Mapping[str, str] = deploy_assembly(aws, assembly)["Envelopes"]

    @cached_property
    def person(self) -> "boto3.Session":
        """Somebody who reads and writes the buckets, sends to the queues and invokes the functions."""
        return self._as("Person")

    @cached_property
    def recovery(self) -> "boto3.Session":
        """Somebody who may decrypt data keys, and nothing else."""
        return self._as("Recovery")

    @cached_property
    def s3(self) -> Any:
        """The person's S3 client."""
        return self.person.client("s3")

    def invoke(self, function: str, **request: Any) -> dict[str, Any]:
        """Have the person invoke a function, and return its answer; a failure has the key `errorType`."""
        answer = self._lambda.invoke(FunctionName=self.place[function], Payload=json.dumps(request).encode())
        found: dict[str, Any] = json.loads(answer["Payload"].read())
        return found

    def put(self, bucket: str, key: str, content: bytes, **parameters: Any) -> str:
        """Have the person store an object, and return its version."""
        stored = self.s3.put_object(Bucket=self.place[bucket], Key=key, Body=content, **parameters)
        return str(stored["VersionId"])

    def get(self, bucket: str, key: str) -> bytes:
        """Have the person fetch an object."""
        content: bytes = self.s3.get_object(Bucket=self.place[bucket], Key=key)["Body"].read()
        return content

    def left_behind(self, bucket: str, prefix: str) -> tuple[list[str], list[str]]:
        """List the objects of a bucket that begin so, and the unfinished uploads."""
        name, administrator = self.place[bucket], self.aws.session().client("s3")
        objects = administrator.list_object_versions(Bucket=name, Prefix=prefix).get("Versions", [])
        uploads = administrator.list_multipart_uploads(Bucket=name, Prefix=prefix).get("Uploads", [])
        return [each["Key"] for each in objects], [each["Key"] for each in uploads]

    def as_function(self, function: str) -> "boto3.Session":
        """Act under a function's role, as an intruder in the function would; its trust is widened for that."""
        configuration = (
            self.aws.session().client("lambda").get_function_configuration(FunctionName=self.place[function])
        )
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{self.aws.account}:root", "Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        self.aws.session().client("iam").update_assume_role_policy(
            RoleName=configuration["Role"].rpartition("/")[2],
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        return self.aws.session(self.aws.assume(configuration["Role"]))

    def key_calls(self) -> "list[RecordedCall]":
        """Read the calls of KMS that were recorded, oldest first."""
        return [call for call in self.aws.recorded_calls() if call.resource == self.place["EnvelopeKeyArn"]]

    def max_memory_used(self, function: str) -> int:
        """Read the memory of a function's last invocation, in MiB, from the last line of its log."""
        session = self.aws.session()
        configuration = session.client("lambda").get_function_configuration(FunctionName=self.place[function])
        events = session.client("logs").filter_log_events(logGroupName=configuration["LoggingConfig"]["LogGroup"])
        reports = [each["message"] for each in events["events"] if each["message"].startswith("REPORT")]
        (used,) = re.findall(r"Max Memory Used: (\d+) MB", reports[-1])
        return int(used)

    def waiting(self, queue: str) -> int:
        """Count the messages of a queue that can be received."""
        return self._number(queue, "ApproximateNumberOfMessages")

    def in_flight(self, queue: str) -> int:
        """Count those that were received and are not done."""
        return self._number(queue, "ApproximateNumberOfMessagesNotVisible")

    def _number(self, queue: str, attribute: str) -> int:
        sqs = self.aws.session().client("sqs")
        found = sqs.get_queue_attributes(QueueUrl=self.place[queue], AttributeNames=[attribute])
        return int(found["Attributes"][attribute])

    @cached_property
    def _lambda(self) -> Any:
        return self.person.client("lambda", config=Config(read_timeout=900, retries={"total_max_attempts": 1}))

    def _as(self, name: str) -> "boto3.Session":
        return self.aws.session(self.aws.assume(self.place[f"{name}RoleArn"], session_name=name))


def soon(condition: Callable[[], bool]) -> bool:
    """Say whether something becomes true within moments."""
    until = time.monotonic() + _MOMENTS
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def read_with_the_sdk(envelopes: DeployedEnvelopes, message: bytes) -> tuple[bytes, Any]:
    """Have somebody with AWS's own library, and permission to decrypt, read a message; return its header too."""
    session = envelopes.recovery._session
    provider = StrictAwsKmsMasterKeyProvider(key_ids=[envelopes.place["EnvelopeKeyArn"]], botocore_session=session)
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    plaintext, header = client.decrypt(source=message, key_provider=provider)
    return bytes(plaintext), header
