"""What happens once all names of a certificate are validated: Amazon issues it.

Public certificates live 198 days: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
"""

import secrets
import time

from local_aws.server.certificates.caa import lets_amazon_issue
from local_aws.server.certificates.records import FAILED, ISSUED, PENDING, Record
from local_aws.server.certificates.service_events import tell_available
from local_aws.server.certificates.validation import is_validated

DAY = 24 * 60 * 60
_LIFE = 198 * DAY


def settle(record: Record) -> Record:
    """Let a certificate be as far as public DNS allows by now; whoever looks at it asks first.

    Args:
        record: The certificate; it is changed and returned.
    """
    if record["Status"] != PENDING:
        return record
    for option in record["DomainValidationOptions"]:
        if is_validated(option):
            option["ValidationStatus"] = "SUCCESS"
    if all(option["ValidationStatus"] == "SUCCESS" for option in record["DomainValidationOptions"]):
        _issue(record)
    return record


def _issue(record: Record) -> None:
    refused = [name for name in record["SubjectAlternativeNames"] if not lets_amazon_issue(name)]
    if refused:
        for option in record["DomainValidationOptions"]:
            option["ValidationStatus"] = FAILED if option["DomainName"] in refused else "SUCCESS"
        record |= {"Status": FAILED, "FailureReason": "CAA_ERROR"}
        return
    now = time.time()
    begin = now - now % DAY
    serial = ":".join(f"{each:02x}" for each in secrets.token_bytes(16))
    record |= {"Status": ISSUED, "IssuedAt": now, "NotBefore": begin, "NotAfter": begin + _LIFE - 1, "Serial": serial}
    tell_available(record, "ISSUANCE")
