"""An account that Organizations makes can be used: the account that asked for it may assume a role there.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html: the role has AWS's
AdministratorAccess policy and trusts the management account. ministack keeps no more than the account's name.
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import iam

from local_aws.server import late_modules

_ROLE = "OrganizationAccountAccessRole"
_POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"


def extend() -> None:
    """Let every account that is made have its role."""
    late_modules.when_loaded("ministack.services.organizations", _make_roles)


def _make_roles() -> None:
    from ministack.services import organizations  # noqa: PLC0415  # nobody needs it before

    create = organizations._DISPATCH["CreateAccount"]

    def create_with_role(request: Mapping[str, Any]) -> Any:  # noqa: ANN401  # ministack's response
        response = create(request)
        status, _, body = response
        if status < 400:  # noqa: PLR2004  # HTTP's own boundary
            account = json.loads(body)["CreateAccountStatus"]["AccountId"]
            _make_role(account, str(request.get("RoleName") or _ROLE))
        return response

    organizations._DISPATCH["CreateAccount"] = create_with_role


def _make_role(account: str, name: str) -> None:
    trusted = {"AWS": f"arn:aws:iam::{get_account_id()}:root"}
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}],
    }
    with request_scope(account, get_region()):
        iam._create_role({"RoleName": [name], "AssumeRolePolicyDocument": [json.dumps(trust)]})
        iam._attach_role_policy({"RoleName": [name], "PolicyArn": [_POLICY]})
