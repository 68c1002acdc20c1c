"""The app of requested certificates on an embedded AWS with two accounts, deployed before an outside DNS is ready."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from local_aws import LocalAws
from local_aws.credentials import Credentials
from tests.support.deployed_assembly import deploy_assembly
from tests.support.requested_app import HERE, ZONE_ROLE, DnsAccount, dns_app, requested_app
from tests.support.session_assets import SessionAssets
from tests.support.stack_operation import StackOperation, StackOutcome


class RequestedScene:
    """Everything, but for the gate, which the outside DNS keeps shut.

    Attributes:
        aws: The embedded AWS.
        dns: The account of example.org.
        outside_zone: The zone of example.net, there as well.
        stacks: Operations on stacks.
        shut: How the deployment of the gate ended.
    """

    def __init__(self, aws: LocalAws, folder: Path, session_assets: SessionAssets) -> None:
        """Deploy it."""
        self.aws = aws
        self._ours: Any = aws.session()
        self._theirs: Any = self._second_account()
        zones = self._theirs.client("route53")
        ids = [
            zones.create_hosted_zone(Name=name, CallerReference=name)["HostedZone"]["Id"].rpartition("/")[2]
            for name in ("example.org", "example.net")
        ]
        account = self._theirs.client("sts").get_caller_identity()["Account"]
        self.dns, self.outside_zone = DnsAccount(account, ids[0]), ids[1]
        (folder / "ours").mkdir()
        with session_assets.for_app(folder / "ours"):
            assembly, requester = requested_app(folder / "ours", account=aws.account, dns=self.dns)
        self._deploy_role(dns_app(folder / "theirs", dns=self.dns, requester=requester))
        with pytest.raises(WaiterError):
            deploy_assembly(aws, assembly)
        role = f"arn:aws:iam::{aws.account}:role/cdk-hnb659fds-cfn-exec-role-{aws.account}-{HERE}"
        self.stacks = StackOperation(self._ours, role, HERE)
        self.shut = self.stacks.outcome("Gate")
        self._gate = assembly.get_stack_by_name("Gate").template

    def _second_account(self) -> Any:
        organizations = self._ours.client("organizations")
        made = organizations.create_account(Email="dns@example.com", AccountName="dns")["CreateAccountStatus"]
        return self.aws.session(self.aws.assume(f"arn:aws:iam::{made['AccountId']}:role/OrganizationAccountAccessRole"))

    def _deploy_role(self, assembly: Any) -> None:
        template = assembly.get_stack_by_name("Dns").template
        outcome = StackOperation(self._theirs, None, HERE).create(template["Resources"], name="Dns")
        assert (outcome.status, outcome.failures) == ("CREATE_COMPLETE", ()), self.aws.log

    def outputs(self, stack: str, *, region: str = HERE) -> Mapping[str, str]:
        """Return the outputs of a stack."""
        client = self._ours.client("cloudformation", region_name=region)
        (found,) = client.describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def certificate(self, stack: str, *, region: str = HERE) -> Mapping[str, Any]:
        """Describe the certificate of a stack."""
        arn = self.outputs(stack, region=region)["CertificateArn"]
        described: Mapping[str, Any] = self._ours.client("acm", region_name=region).describe_certificate(
            CertificateArn=arn
        )["Certificate"]
        return described

    def records(self, zone_id: str, kind: str, *, of_the_other_account: bool) -> dict[str, list[str]]:
        """Return records of a zone, by name."""
        client = (self._theirs if of_the_other_account else self._ours).client("route53")
        sets = client.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
        return {
            each["Name"]: [value["Value"] for value in each["ResourceRecords"]] for each in sets if each["Type"] == kind
        }

    def put_outside(self, record: str) -> None:
        """Put a record of an output into the outside DNS, as somebody would by hand."""
        name, kind, value = record.split()
        created = {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}
        self._theirs.client("route53").change_resource_record_sets(
            HostedZoneId=self.outside_zone,
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": created}]},
        )

    def deploy_gate_again(self) -> StackOutcome:
        """Delete what failed, and deploy the gate again."""
        self.stacks.delete("Gate")
        outputs = {name: each["Value"] for name, each in self._gate["Outputs"].items()}
        return self.stacks.create(self._gate["Resources"], outputs, name="Gate")

    def as_function(self, stack: str) -> Any:
        """Make a session with the permissions of a function's role, which the account may assume for that."""
        arn = self.outputs(stack)["RoleArn"]
        allowed = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        trusted = [
            {**allowed, "Principal": {"Service": "lambda.amazonaws.com"}},
            {**allowed, "Principal": {"AWS": f"arn:aws:iam::{self.aws.account}:root"}},
        ]
        self._ours.client("iam").update_assume_role_policy(
            RoleName=arn.rpartition("/")[2],
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trusted}),
        )
        return self.aws.session(self.aws.assume(arn))

    def in_zone_role(self, session: Any) -> Any:
        """Become the role of the zone, and speak to Route 53."""
        found = session.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{self.dns.account}:role/{ZONE_ROLE}", RoleSessionName="test"
        )["Credentials"]
        credentials = Credentials(
            access_key_id=found["AccessKeyId"],
            secret_access_key=found["SecretAccessKey"],
            session_token=found["SessionToken"],
        )
        theirs: Any = self.aws.session(credentials)
        return theirs.client("route53")


def is_refused(call: Any, **arguments: Any) -> bool:
    """Say whether IAM refuses a call."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}
    return False
