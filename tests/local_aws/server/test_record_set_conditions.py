import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from local_aws.credentials import Credentials
from local_aws.server.record_set_conditions import request_keys

CHANGES = """<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>
<Change><Action>UPSERT</Action><ResourceRecordSet><Name>*.A.example.com.</Name><Type>CNAME</Type></ResourceRecordSet></Change>
<Change><Action>DELETE</Action><ResourceRecordSet><Name>\\052.a.example.com</Name><Type>A</Type></ResourceRecordSet></Change>
</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"""


def test_names_are_normalized_as_route_53_does() -> None:
    assert request_keys(CHANGES.encode()) == {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["\\052.a.example.com"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["CNAME", "A"],
        "route53:ChangeResourceRecordSetsActions": ["UPSERT", "DELETE"],
    }
    assert request_keys(b"no XML") == {}


@pytest.mark.deploy
def test_a_role_of_another_account_changes_the_records_that_its_zone_role_names(aws: LocalAws, make_role: Any) -> None:
    organizations: Any = aws.session().client("organizations")
    made = organizations.create_account(Email="dns@example.com", AccountName="dns")["CreateAccountStatus"]
    account = made["AccountId"]
    theirs: Any = aws.session(aws.assume(f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"))
    zone = theirs.client("route53").create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    zone_role = f"arn:aws:iam::{account}:role/zone"
    requester = make_role({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": zone_role})
    stranger = make_role({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
    trust = {"Effect": "Allow", "Principal": {"AWS": requester}, "Action": "sts:AssumeRole"}
    prefix = "route53:ChangeResourceRecordSets"
    exact = {f"{prefix}RecordTypes": ["CNAME"], f"{prefix}Actions": ["UPSERT"]}
    names = {f"{prefix}NormalizedRecordNames": ["_*.a.example.com"]}
    allowed = {
        "Effect": "Allow", "Action": prefix, "Resource": f"arn:aws:route53:::hostedzone/{zone.rpartition('/')[2]}",
        "Condition": {"ForAllValues:StringEquals": exact, "ForAllValues:StringLike": names},
    }  # fmt: skip
    iam = theirs.client("iam")
    iam.create_role(RoleName="zone", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    iam.put_role_policy(RoleName="zone", PolicyName="zone", PolicyDocument=json.dumps({"Statement": [allowed]}))

    assert not _may_assume(aws, stranger, zone_role)
    client = aws.session(_assumed(aws, requester, zone_role)).client("route53")
    outcomes = [
        _changes(client, zone, name, kind, action)
        for name, kind, action in (
            ("_1.a.example.com", "CNAME", "UPSERT"),
            ("_1.b.example.com", "CNAME", "UPSERT"),
            ("_1.a.example.com", "TXT", "UPSERT"),
            ("_1.a.example.com", "CNAME", "DELETE"),
        )
    ]

    assert outcomes == [True, False, False, False]


def _assumed(aws: LocalAws, first: str, second: str) -> Any:
    sts: Any = aws.session(aws.assume(first)).client("sts")
    found = sts.assume_role(RoleArn=second, RoleSessionName="session")["Credentials"]
    return Credentials(
        access_key_id=found["AccessKeyId"],
        secret_access_key=found["SecretAccessKey"],
        session_token=found["SessionToken"],
    )


def _may_assume(aws: LocalAws, first: str, second: str) -> bool:
    try:
        _assumed(aws, first, second)
    except ClientError:
        return False
    return True


def _changes(client: Any, zone: str, name: str, kind: str, action: str) -> bool:
    record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": "value.example.com"}]}
    try:
        client.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        )
    except ClientError as error:
        return error.response["Error"]["Code"] != "AccessDenied"
    return True
