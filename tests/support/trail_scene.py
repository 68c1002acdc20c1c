"""A bucket, a key, a log group and a role as CloudTrail wants them, and trails that use them."""

import gzip
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_aws import LocalAws

_number = itertools.count(1)
_CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}

Change = Callable[[list[dict[str, Any]]], None]


def unchanged(_statements: list[dict[str, Any]]) -> None:
    """Leave a policy as it is."""


def without(sid: str) -> Change:
    """Take a statement out of a policy."""

    def change(statements: list[dict[str, Any]]) -> None:
        taken = [each for each in statements if each["Sid"] != sid]
        assert len(taken) == len(statements) - 1
        statements[:] = taken

    return change


def conditioned(sid: str, key: str, value: str) -> Change:
    """Change one condition of a statement."""

    def change(statements: list[dict[str, Any]]) -> None:
        (statement,) = [each for each in statements if each["Sid"] == sid]
        (operator,) = [name for name, keys in statement["Condition"].items() if key in keys]
        statement["Condition"][operator][key] = value

    return change


@dataclass(kw_only=True)
class TrailScene:
    """Everything around one trail; every policy is AWS's own, with what a test changes in it."""

    aws: LocalAws
    name: str = field(default_factory=lambda: f"trail-{next(_number)}")
    prefix: str = "kept"

    @property
    def arn(self) -> str:
        """The trail's ARN, known before there is a trail."""
        return f"arn:aws:cloudtrail:{self.aws.region}:{self.aws.account}:trail/{self.name}"

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return f"logs-of-{self.name}"

    @property
    def group(self) -> str:
        """The log group's name."""
        return f"/trails/{self.name}"

    def client(self, service: str, region: str | None = None) -> Any:
        """Make a client of the administrator."""
        session: Any = self.aws.session()
        return session.client(service, region_name=region)

    def make_bucket(self, change: Change = unchanged) -> None:
        """Make the bucket."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": self.aws.region})
        self.set_bucket_policy(change)

    def set_bucket_policy(self, change: Change = unchanged) -> None:
        """Set the bucket's policy."""
        arn, of_trail = f"arn:aws:s3:::{self.bucket}", {"aws:SourceArn": self.arn}
        written = f"{arn}/{self.prefix}/AWSLogs/{self.aws.account}/*"
        acl = {**of_trail, "s3:x-amz-acl": "bucket-owner-full-control"}
        statements: list[dict[str, Any]] = [
            _statement("Checks", "s3:GetBucketAcl", arn, {"StringEquals": of_trail}),
            _statement("Writes", "s3:PutObject", written, {"StringEquals": acl}),
        ]
        change(statements)
        self.client("s3").put_bucket_policy(Bucket=self.bucket, Policy=document(statements))

    def make_key(self, change: Change = unchanged) -> str:
        """Make the key and return its ARN."""
        return str(self.client("kms").create_key(Policy=self.key_policy(change))["KeyMetadata"]["Arn"])

    def key_policy(self, change: Change = unchanged) -> str:
        """Write the key's policy."""
        of_trail = {"StringEquals": {"aws:SourceArn": self.arn}}
        like = {"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{self.aws.account}:trail/*"}
        statements: list[dict[str, Any]] = [
            {
                "Sid": "Administers",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{self.aws.account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            _statement("Encrypts", "kms:GenerateDataKey*", "*", {**of_trail, "StringLike": like}),
            _statement("Describes", "kms:DescribeKey", "*", of_trail),
        ]
        change(statements)
        return document(statements)

    def make_log_group(self, *actions: str, trusted: Mapping[str, str] | None = None) -> dict[str, str]:
        """Make the log group and the role that writes there, and return the parameters that name both."""
        self.client("logs").create_log_group(logGroupName=self.group)
        group = f"arn:aws:logs:{self.aws.region}:{self.aws.account}:log-group:{self.group}"
        iam, name = self.client("iam"), f"logs-of-{self.name}"
        trust = {"Effect": "Allow", "Principal": trusted or _CLOUDTRAIL, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document([trust]))["Role"]["Arn"]
        allowed = {
            "Effect": "Allow",
            "Action": list(actions) or ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{group}:log-stream:{self.aws.account}_CloudTrail_{self.aws.region}*",
        }
        iam.put_role_policy(RoleName=name, PolicyName="writes", PolicyDocument=document([allowed]))
        return {"CloudWatchLogsLogGroupArn": f"{group}:*", "CloudWatchLogsRoleArn": role}

    def make_trail(self, **parameters: Any) -> None:
        """Make the trail and let it log."""
        trails = self.client("cloudtrail")
        trails.create_trail(Name=self.name, S3BucketName=self.bucket, S3KeyPrefix=self.prefix, **parameters)
        trails.start_logging(Name=self.name)

    def end(self) -> None:
        """Let the trail, if there is one, log no more."""
        trails = self.client("cloudtrail")
        if any(each["Name"] == self.name for each in trails.list_trails()["Trails"]):
            trails.delete_trail(Name=self.name)

    def status(self) -> dict[str, Any]:
        """Ask for the trail's status, before which everything is delivered."""
        return dict(self.client("cloudtrail").get_trail_status(Name=self.name))

    def files(self) -> dict[str, list[dict[str, Any]]]:
        """Read the log files that there are, as their keys and their records."""
        self.status()
        s3 = self.client("s3")
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
        bodies = {key: s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}
        return {key: json.loads(gzip.decompress(body))["Records"] for key, body in bodies.items()}

    def records(self) -> list[dict[str, Any]]:
        """Read the records of all log files."""
        return [record for records in self.files().values() for record in records]

    def log_events(self) -> list[dict[str, Any]]:
        """Read the records in the log group."""
        found = self.client("logs").filter_log_events(logGroupName=self.group)["events"]
        return [json.loads(event["message"]) for event in found]


def document(statements: list[dict[str, Any]]) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _statement(sid: str, action: str, resource: str, condition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": _CLOUDTRAIL,
        "Action": action,
        "Resource": resource,
        "Condition": {operator: dict(keys) for operator, keys in condition.items()},
    }
