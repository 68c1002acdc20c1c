"""Public hosted zones of several accounts, as Route 53 keeps them, and the roles by which one is written into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

Records = dict[tuple[str, str], list[str]]


def refusal(operation: str, code: str, message: str, *, status: int = 400) -> ClientError:
    """Make what botocore raises."""
    meta: Any = {"HTTPStatusCode": status, "RequestId": "1", "HostId": "", "HTTPHeaders": {}, "RetryAttempts": 0}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": meta}, operation)


@dataclass
class FakeZone:
    """A zone: records by name and type, names with the dot at the end."""

    name: str
    records: Records = field(default_factory=dict)


@dataclass
class PublicDns:
    """All zones that public DNS delegates to, by id."""

    zones: dict[str, FakeZone] = field(default_factory=dict)

    def cname(self, name: str) -> str | None:
        """Resolve a CNAME record."""
        for zone in self.zones.values():
            found = zone.records.get((name, "CNAME"))
            if found:
                return found[0]
        return None


@dataclass
class FakeRoute53:
    """Route 53 for somebody who may write into some zones. `before` is told of each call, and may raise."""

    dns: PublicDns
    allowed: frozenset[str]
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    denials_left: int = 0
    before: Callable[[str], None] = lambda _: None

    def list_resource_record_sets(self, *, HostedZoneId: str, StartRecordName: str, MaxItems: str) -> Mapping[str, Any]:  # noqa: N803
        asked = {"HostedZoneId": HostedZoneId, "StartRecordName": StartRecordName, "MaxItems": MaxItems}
        zone = self._zone("ListResourceRecordSets", HostedZoneId, asked)
        start = _order(StartRecordName if StartRecordName.endswith(".") else f"{StartRecordName}.")
        following = sorted(
            (each for each in zone.records if _order(each[0]) >= start), key=lambda each: _order(each[0])
        )
        sets = [
            {
                "Name": name,
                "Type": kind,
                "TTL": 60,
                "ResourceRecords": [{"Value": each} for each in zone.records[name, kind]],
            }
            for name, kind in following
        ]
        return {"ResourceRecordSets": sets[: int(MaxItems)], "IsTruncated": len(sets) > int(MaxItems)}

    def change_resource_record_sets(self, *, HostedZoneId: str, ChangeBatch: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N803
        operation = "ChangeResourceRecordSets"
        zone = self._zone(operation, HostedZoneId, {"HostedZoneId": HostedZoneId, "ChangeBatch": ChangeBatch})
        (change,) = ChangeBatch["Changes"]
        record = change["ResourceRecordSet"]
        assert change["Action"] == "CREATE", "the role of the zone allows nothing else"
        assert record["Type"] == "CNAME"
        name = record["Name"]
        if not name.endswith(f".{zone.name}"):
            raise refusal(operation, "InvalidChangeBatch", f"[RRSet with DNS name {name} is not permitted in zone]")
        if any(each[0] == name for each in zone.records):
            raise refusal(operation, "InvalidChangeBatch", f"[Tried to create {name}, but it already exists]")
        zone.records[name, "CNAME"] = [each["Value"] for each in record["ResourceRecords"]]
        return {"ChangeInfo": {"Id": "/change/C1", "Status": "PENDING"}}

    def _zone(self, operation: str, zone_id: str, asked: dict[str, Any]) -> FakeZone:
        self.calls.append((operation, asked))
        self.before(operation)
        if self.denials_left:
            self.denials_left -= 1
            raise refusal(operation, "AccessDenied", f"not authorized to perform: route53:{operation}", status=403)
        if zone_id not in self.allowed:
            raise refusal(operation, "AccessDenied", f"not authorized to perform: route53:{operation}", status=403)
        if zone_id not in self.dns.zones:
            raise refusal(operation, "NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}", status=404)
        return self.dns.zones[zone_id]


def _order(name: str) -> list[str]:
    return name.rstrip(".").split(".")[::-1]
