"""A public hosted zone of Route 53 that validation records are put into, in this account or through a role of another.

What stands at a name already is never changed: records are only created, so that also the permission of the role needs
no other action.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from certificate_care.aws_answers import answer_or_code
from certificate_care.errors import NotIssued
from certificate_care.validation_records import ValidationRecord, without_dot

SECONDS_TO_LIVE: Final = 300
_MOST_AT_A_NAME: Final = "20"
_EXISTS: Final = frozenset({"InvalidChangeBatch"})
_NO_ZONE: Final = frozenset({"NoSuchHostedZone"})


class WritesRecords(Protocol):
    """The calls of Route 53 that this makes."""

    def list_resource_record_sets(
        self,
        *,
        HostedZoneId: str,  # noqa: N803  # as AWS calls it
        StartRecordName: str,  # noqa: N803
        MaxItems: str,  # noqa: N803
    ) -> Mapping[str, Any]:
        """List records from a name on."""

    def change_resource_record_sets(self, *, HostedZoneId: str, ChangeBatch: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N803
        """Change records."""


@dataclass(frozen=True, slots=True)
class HostedZone:
    """A zone and who writes into it.

    Attributes:
        client: Speaks to Route 53.
        hosted_zone_id: Its id.
    """

    client: WritesRecords
    hosted_zone_id: str

    def put(self, record: ValidationRecord) -> None:
        """Create a record if there is nothing at its name.

        Args:
            record: The record.

        Raises:
            NotIssued: If there is something else, if the zone does not exist or does not contain the name.
        """
        if self._has(record):
            return
        if not self._creates(record) and not self._has(record):
            # Somebody else made it meanwhile; or the zone lies elsewhere in the tree of names.
            raise NotIssued(
                f"the hosted zone {self.hosted_zone_id} must take the record {record}, got InvalidChangeBatch: does "
                f"the zone contain {record.domain_name}"
            )

    def _has(self, record: ValidationRecord) -> bool:
        found = answer_or_code(
            "route53:ListResourceRecordSets",
            lambda: self.client.list_resource_record_sets(
                HostedZoneId=self.hosted_zone_id, StartRecordName=record.name, MaxItems=_MOST_AT_A_NAME
            ),
            told=_NO_ZONE,
        )
        if isinstance(found, str):
            raise NotIssued(f"the hosted zone of {record.domain_name} must exist, got none with {self.hosted_zone_id}")
        for each in found.get("ResourceRecordSets", []):
            if without_dot(each["Name"]) != record.name:
                continue
            values = [str(value["Value"]) for value in each.get("ResourceRecords", [])]
            if each["Type"] != "CNAME" or not any(record.is_met_by(value) for value in values):
                raise NotIssued(
                    f"{record.name} must hold nothing or a CNAME record to {record.value}, got {each['Type']} "
                    f"{values[:1]} in the hosted zone {self.hosted_zone_id}: remove that record, then deploy again"
                )
            return True
        return False

    def _creates(self, record: ValidationRecord) -> bool:
        record_set = {
            "Name": f"{record.name}.",
            "Type": "CNAME",
            "TTL": SECONDS_TO_LIVE,
            "ResourceRecords": [{"Value": f"{record.value}."}],
        }
        batch = {
            "Comment": "Validates a name of a certificate, also when it is renewed: do not delete.",
            "Changes": [{"Action": "CREATE", "ResourceRecordSet": record_set}],
        }
        found = answer_or_code(
            "route53:ChangeResourceRecordSets",
            lambda: self.client.change_resource_record_sets(HostedZoneId=self.hosted_zone_id, ChangeBatch=batch),
            told=_EXISTS,
        )
        return not isinstance(found, str)
