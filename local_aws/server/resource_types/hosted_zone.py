"""AWS::Route53::HostedZone as Route 53 has it: private with a VPC, and not deleted while it holds records of others.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html: CloudFormation deletes no record that
it wrote for the validation of a certificate, so whoever deletes the zone does that first.
"""

from typing import Any

from ministack.services import route53
from ministack.services.cloudformation import provisioners

TYPE = "AWS::Route53::HostedZone"
_OWN = ("NS", "SOA")
_of_ministack = provisioners._RESOURCE_HANDLERS[TYPE]


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {**_of_ministack, "create": _create, "delete": _delete}


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    zone_id, attributes = _of_ministack["create"](logical_id, properties, stack_name)
    vpcs = properties.get("VPCs") or []
    if vpcs:
        route53._zones[zone_id] |= {"private": True, "vpcs": vpcs}
    return zone_id, attributes


def _delete(zone_id: str, properties: dict[str, Any]) -> None:
    zone = route53._zones.get(zone_id)
    if zone is None:
        return
    if any(each["Type"] not in _OWN or each["Name"] != zone["name"] for each in route53._records.get(zone_id, ())):
        text = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        raise ValueError(f'Resource handler returned message: "{text}" (HandlerErrorCode: InvalidRequest)')
    _of_ministack["delete"](zone_id, properties)
