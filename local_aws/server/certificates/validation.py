"""How ACM finds out that whoever requests a certificate controls its names.

https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html: the CNAME of a name is the same for every
certificate of an account, in every Region, and for its wildcard.
"""

import hashlib
import string
from typing import Any

from ministack.core.responses import get_account_id

from local_aws.server.certificates.public_dns import compared, values_at

_MAILBOXES = ("admin", "administrator", "hostmaster", "postmaster", "webmaster")


def domain_validation(name: str, method: str, validation_domain: str | None) -> dict[str, Any]:
    """Say how ACM validates a name.

    Args:
        name: The name, perhaps with a wildcard.
        method: `DNS` or `EMAIL`.
        validation_domain: Where ACM writes to, if it is not the name itself.
    """
    found: dict[str, Any] = {
        "DomainName": name,
        "ValidationDomain": validation_domain or name.removeprefix("*."),
        "ValidationStatus": "PENDING_VALIDATION",
        "ValidationMethod": method,
    }
    if method == "DNS":
        return found | {"ResourceRecord": validation_record(name)}
    return found | {"ValidationEmails": [f"{each}@{found['ValidationDomain']}" for each in _MAILBOXES]}


def validation_record(name: str) -> dict[str, str]:
    """Return the CNAME by which the account at hand shows that it controls a name."""
    base = name.removeprefix("*.")
    left, right = (hashlib.sha256(f"{side} {get_account_id()} {base}".encode()).digest() for side in ("name", "value"))
    label = "".join(string.ascii_lowercase[each % 26] for each in right[16:26])
    return {
        "Name": f"_{left.hex()[:32]}.{base}.",
        "Type": "CNAME",
        "Value": f"_{right.hex()[:32]}.{label}.acm-validations.aws.",
    }


def is_validated(option: dict[str, Any]) -> bool:
    """Say whether a name's CNAME stands in public DNS. Nobody here answers e-mail."""
    record = option.get("ResourceRecord")
    if record is None:
        return False
    return [compared(each) for each in values_at(record["Name"], "CNAME")] == [compared(record["Value"])]
