from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

PRIVATE = {"Name": "inside.example.net", "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "eu-central-1"}]}


@pytest.mark.parametrize("properties", [{"Name": "outside.example.net"}, PRIVATE], ids=["public", "private"])
def test_a_zone_goes_when_it_holds_no_records_but_its_own(
    aws: LocalAws, make_stacks: Callable[..., StackOperation], properties: dict[str, Any]
) -> None:
    stacks, route53 = make_stacks(), aws.session().client("route53")
    zone = {"Zone": {"Type": "AWS::Route53::HostedZone", "Properties": properties}}
    created = stacks.create(zone, {"Id": {"Ref": "Zone"}})
    record: Any = {"Name": f"a.{properties['Name']}", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "b"}]}

    def change(action: Any) -> None:
        changes: Any = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=created.outputs["Id"], ChangeBatch=changes)

    found = route53.get_hosted_zone(Id=created.outputs["Id"])["HostedZone"]
    change("CREATE")
    held = stacks.delete(created.name)
    change("DELETE")

    assert found["Config"]["PrivateZone"] is ("VPCs" in properties)
    assert held.status == "DELETE_FAILED"
    assert "contains non-required resource record sets" in held.failures[0]
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"
