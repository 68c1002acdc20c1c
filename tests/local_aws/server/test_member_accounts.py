from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

ZONE = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "theirs.example.com"}}


def test_an_account_of_the_organization_is_used_by_its_role_and_stands_alone(aws: LocalAws, make_role: Any) -> None:
    organizations: Any = aws.session().client("organizations")
    made = organizations.create_account(Email="dns@example.com", AccountName="dns")["CreateAccountStatus"]
    account, role = made["AccountId"], f"arn:aws:iam::{made['AccountId']}:role/OrganizationAccountAccessRole"
    theirs: Any = aws.session(aws.assume(role))

    outcome = StackOperation(theirs).create(
        {"Zone": ZONE}, {"Zone": {"Ref": "Zone"}, "Account": {"Ref": "AWS::AccountId"}}
    )

    assert (outcome.failures, outcome.outputs["Account"]) == ((), account)
    zones = {each["Id"] for each in theirs.client("route53").list_hosted_zones()["HostedZones"]}
    assert zones == {f"/hostedzone/{outcome.outputs['Zone']}"}
    ours: Any = aws.session().client("route53")
    with pytest.raises(ClientError, match="NoSuchHostedZone"):
        ours.get_hosted_zone(Id=outcome.outputs["Zone"])
    powerless: Any = aws.session(aws.assume(make_role())).client("sts")
    with pytest.raises(ClientError, match="AccessDenied"):
        powerless.assume_role(RoleArn=role, RoleSessionName="session")
