"""The record of one call, in the form that CloudTrail gives it.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
https://docs.aws.amazon.com/kms/latest/developerguide/ct-generatedatakey.html
"""

import re
import time
import uuid
from typing import Any

from ministack.core.responses import get_account_id, get_region

from local_aws.server.call_records.identity import identity
from local_aws.server.call_records.parameters import error, request_parameters, response_elements
from local_aws.server.call_records.request import Answer, Request
from local_aws.server.call_records.resources import data_type, resources

GLOBAL_REGION = "us-east-1"
"""Where calls of global services are recorded, and the only Region whose EventBridge hears of them."""

_GLOBAL = frozenset(("iam", "cloudfront", "route53", "organizations"))
_READ_ONLY = re.compile(
    r"(Get|List|Describe|Head|Lookup|Decrypt|Encrypt|ReEncrypt|Generate|Verify|Sign|DeriveSharedSecret|AssumeRole"
    r"|Query|Scan|BatchGet)"
)


def call_record(request: Request, answer: Answer) -> dict[str, Any]:
    """Record a call and its answer.

    Args:
        request: What was asked.
        answer: What the service answered.
    """
    read_only = bool(_READ_ONLY.match(request.action))
    is_management = data_type(request) is None
    return {
        "eventVersion": "1.11",
        "userIdentity": identity(request.access_key_id),
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "eventSource": f"{request.service}.amazonaws.com",
        "eventName": request.action,
        "awsRegion": GLOBAL_REGION if request.service in _GLOBAL else get_region(),
        "sourceIPAddress": "127.0.0.1",
        "userAgent": request.user_agent,
        **error(request, answer),
        "requestParameters": request_parameters(request),
        "responseElements": None if read_only else response_elements(request, answer),
        "requestID": request.request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": read_only,
        "resources": resources(request, answer),
        "eventType": "AwsApiCall",
        "managementEvent": is_management,
        "recipientAccountId": get_account_id(),
        "eventCategory": "Management" if is_management else "Data",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_256_GCM_SHA384",
            "clientProvidedHostHeader": request.host,
        },
    }
