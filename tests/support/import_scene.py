"""The app that imports a certificate, on an embedded AWS: its first deployments, what is put, and what ACM has then."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from local_aws import LocalAws
from tests.support.deployed_assembly import deploy_assembly
from tests.support.import_app import NAME, import_app
from tests.support.made_certificates import Lineage, Made, Template, made
from tests.support.session_assets import SessionAssets
from tests.support.stack_operation import StackOperation, StackOutcome

_MOMENTS = 20
FURTHER_NAME = "www.example.com"
"""What nobody demands of a certificate at first."""


class ImportScene:
    """Both stacks, deployed as somebody would who did not read that the secret comes first.

    Attributes:
        aws: The embedded AWS.
        authorities: A root, and an intermediate that signs what is put.
        vault: The outputs of the stack with the secret.
        too_early: How the deployment ended before there was a value.
        shop: The outputs of the stack with the certificate, whose deployment was repeated.
        put_so_far: What was put.
    """

    shop: Mapping[str, str]

    def __init__(self, aws: LocalAws, folder: Path, session_assets: SessionAssets) -> None:
        """Deploy, put a certificate, and deploy again."""
        self.aws, self._folder = aws, folder
        self.authorities = Lineage.of()
        self._record_calls()
        self._session: Any = aws.session()
        role = f"arn:aws:iam::{aws.account}:role/cdk-hnb659fds-cfn-exec-role-{aws.account}-{aws.region}"
        self.stacks = StackOperation(self._session, role)
        with session_assets.for_app(folder):
            assembly = import_app(folder)
        with pytest.raises(WaiterError):
            deploy_assembly(aws, assembly)
        described = self._session.client("cloudformation").describe_stacks(StackName="Vault")["Stacks"][0]
        self.vault = {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}
        self.too_early = self.stacks.outcome("Shop")
        self.stacks.delete("Shop")
        self._template = assembly.get_stack_by_name("Shop").template
        self.put_so_far: list[Made] = []
        self.put(self.leaf())
        self.deploy_again()

    def deploy_again(self) -> None:
        """Deploy the certificate's stack, which is not there."""
        outcome = self.stacks.create(*_parts(self._template), name="Shop")
        assert (outcome.status, outcome.failures) == ("CREATE_COMPLETE", ()), self.aws.log
        self.shop = outcome.outputs

    def _record_calls(self) -> None:
        """Have calls recorded by a trail, without which EventBridge hears of none."""
        session: Any = self.aws.session()
        s3, trails = session.client("s3"), session.client("cloudtrail")
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": self.aws.region}}
        s3.create_bucket(Bucket="records", **({} if self.aws.region == "us-east-1" else elsewhere))
        allowed = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
        owned = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
        statements = [
            {**allowed, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::records"},
            {**allowed, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::records/AWSLogs/*", "Condition": owned},
        ]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        s3.put_bucket_policy(Bucket="records", Policy=policy)
        trails.create_trail(Name="records", S3BucketName="records")
        trails.start_logging(Name="records")

    def leaf(self, *names: str, **changed: Any) -> Made:
        """Make a certificate of the intermediate, valid from yesterday and for 90 days; of both names unless told."""
        now = datetime.now(UTC)
        dates = {"not_before": now - timedelta(days=1), "not_after": now + timedelta(days=90)}
        return made(
            Template.leaf(*(names or (NAME, FURTHER_NAME)), **{**dates, **changed}), by=self.authorities.intermediate
        )

    def put(self, leaf: Made, *, key: Made | None = None) -> None:
        """Put a certificate into the secret as its writer.

        Args:
            leaf: The certificate.
            key: Whose key is put with it. Default: its own.
        """
        value = {
            "certificate": leaf.pem,
            "private_key": (key or leaf).key_pem(),
            "certificate_chain": self.authorities.intermediate.pem,
        }
        writer: Any = self.aws.session(self.aws.assume(self.vault["WriterArn"]))
        writer.client("secretsmanager").put_secret_value(
            SecretId=self.vault["SecretArn"], SecretString=json.dumps(value)
        )
        self.put_so_far.append(key or leaf)

    def import_for_somebody_else(self, leaf: Made) -> str:
        """Import a certificate as the administrator, and return its ARN."""
        given = {"Certificate": leaf.pem.encode(), "PrivateKey": leaf.key_pem().encode()}
        chain = self.authorities.intermediate.pem.encode()
        return str(self._session.client("acm").import_certificate(**given, CertificateChain=chain)["CertificateArn"])

    def certificates(self) -> list[str]:
        """Return the ARNs of what ACM has."""
        every = {"keyTypes": ["RSA_2048", "EC_prime256v1", "EC_secp384r1"]}
        found = self._session.client("acm").list_certificates(Includes=every)["CertificateSummaryList"]
        return [each["CertificateArn"] for each in found]

    def served(self) -> tuple[str, str]:
        """Return what ACM gives out: the certificate and its chain, in PEM."""
        found = self._session.client("acm").get_certificate(CertificateArn=self.shop["CertificateArn"])
        return f"{found['Certificate'].strip()}\n", str(found["CertificateChain"])

    def wait_until_served(self, leaf: Made) -> None:
        """Wait until ACM has a certificate."""
        deadline = time.monotonic() + _MOMENTS
        while self.served()[0].strip() != leaf.pem.strip():
            assert time.monotonic() < deadline, (self.logs()[-5:], self.aws.log)
            time.sleep(0.05)

    def wait_for_log(self, text: str) -> str:
        """Wait until the function logged a text, and return the line."""
        deadline = time.monotonic() + _MOMENTS
        while not (found := [line for line in self.logs() if text in line]):
            assert time.monotonic() < deadline, (self.logs()[-5:], self.aws.log)
            time.sleep(0.05)
        return found[-1]

    def logs(self) -> list[str]:
        """Return what the function logged."""
        client = self._session.client("logs")
        return [each["message"] for each in client.filter_log_events(logGroupName=self.shop["LogGroupName"])["events"]]

    def everything_shown(self) -> str:
        """Return templates, events of stacks, logs, the record, and what the emulator printed, as one text."""
        formation, trail = self._session.client("cloudformation"), self._session.client("cloudtrail")
        events = [formation.describe_stack_events(StackName=name)["StackEvents"] for name in ("Vault", "Shop")]
        pages = trail.get_paginator("lookup_events").paginate()
        records = [each["CloudTrailEvent"] for page in pages for each in page["Events"]]
        templates = [path.read_text() for path in self._folder.rglob("*.json")]
        assert any("ImportCertificate" in each for each in records)
        return str([events, records, templates, self.logs(), self.aws.log])

    def update(self, *domain_names: str) -> StackOutcome:
        """Deploy the certificate's stack with other names: in what the function reads, and CloudFormation compares."""
        text, told = json.dumps(self._template), f'"DOMAIN_NAMES": "{NAME}"'
        assert text.count(told) == len(("the function", "the custom resource"))
        changed = json.loads(text.replace(told, f'"DOMAIN_NAMES": "{",".join(domain_names)}"'))
        return self.stacks.update("Shop", *_parts(changed))

    def invoke_as_cloudformation(self, **told: str) -> str:
        """Invoke the function with an event that is no resource's, and return what Lambda says."""
        event = {
            "RequestType": "Create",
            "RequestId": "1a2b3c4d",
            "LogicalResourceId": "Forged",
            "ResourceProperties": {"Tags": [{"Key": "team", "Value": "shop"}]},
            **told,
        }
        answer = self._session.client("lambda").invoke(
            FunctionName=self.shop["FunctionName"], Payload=json.dumps(event).encode()
        )
        return str(answer["Payload"].read().decode())

    def as_function(self, service: str) -> Any:
        """Make a client with the permissions of the function's role, which the account may assume for that."""
        allowed = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        trusted = [
            {**allowed, "Principal": {"Service": "lambda.amazonaws.com"}},
            {**allowed, "Principal": {"AWS": f"arn:aws:iam::{self.aws.account}:root"}},
        ]
        role = self.shop["RoleName"]
        self._session.client("iam").update_assume_role_policy(
            RoleName=role, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trusted})
        )
        credentials = self.aws.assume(f"arn:aws:iam::{self.aws.account}:role/{role}")
        session: Any = self.aws.session(credentials)
        return session.client(service)


def _parts(template: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, Any]]:
    return template["Resources"], {name: each["Value"] for name, each in template["Outputs"].items()}
