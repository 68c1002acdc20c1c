"""What public DNS answers: the public hosted zones of all accounts, whoever asks.

A zone counts by its name alone: nobody here delegates a domain to its name servers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import route53

from local_aws.server.late_modules import is_loaded


def values_at(name: str, record_type: str) -> list[str]:
    """Return the values of the records at a name, in the form in which DNS compares names.

    Args:
        name: A domain name, with or without its last dot.
        record_type: Such as `CNAME`.
    """
    wanted = compared(name)
    return [
        value
        for record_set in _record_sets()
        if record_set["Type"] == record_type and compared(record_set["Name"]) == wanted
        for value in record_set.get("ResourceRecords") or ()
    ]


def compared(name: str) -> str:
    """Return a domain name as DNS compares it: in lower case, without its last dot."""
    return name.lower().rstrip(".").replace("\\052", "*")


def _record_sets() -> Iterator[Mapping[str, Any]]:
    if not is_loaded(route53):
        return
    for (account, zone_id), zone in route53._zones.to_dict().items():
        if not zone.get("private"):
            yield from route53._records.get_scoped(account, None, zone_id) or ()
