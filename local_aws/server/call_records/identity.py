"""Who called: the `userIdentity` of a record.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

import time
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from local_aws.server.principal_arn import role_arn_of


def identity(access_key_id: str) -> dict[str, Any]:
    """Describe whom an access key belongs to."""
    credential = iam_evaluator.resolve_credential(access_key_id)
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        return {"type": "Unknown", "arn": "", "accessKeyId": access_key_id}
    is_user = credential.principal_type == "User"
    found: dict[str, Any] = {
        "type": "IAMUser" if is_user else credential.principal_type,
        "principalId": credential.principal_id,
        "arn": credential.principal_arn,
        "accountId": credential.account_id,
        "accessKeyId": access_key_id,
    }
    if is_user:
        found["userName"] = credential.principal_arn.rpartition("/")[2]
    role = role_arn_of(credential.principal_arn)
    if role != credential.principal_arn:
        found["sessionContext"] = {
            "sessionIssuer": _issuer(role, credential.account_id),
            "attributes": {"creationDate": _first_seen(access_key_id), "mfaAuthenticated": "false"},
        }
    return found


def _issuer(role_arn: str, account: str) -> dict[str, str]:
    name = role_arn.rpartition("/")[2]
    role = iam._roles.get_scoped(account, None, name) or {}
    return {
        "type": "Role",
        "principalId": str(role.get("RoleId", "")),
        "arn": role_arn,
        "accountId": account,
        "userName": name,
    }


_sessions: dict[str, str] = {}


def _first_seen(access_key_id: str) -> str:
    """Date a session: ministack keeps no date of its own, so its first call counts."""
    return _sessions.setdefault(access_key_id, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
